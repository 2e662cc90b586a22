// Passes in bfloat16 and float16 on the CPU, and counts of floating-point operations.
#include <gtest/gtest.h>

#include <cmath>

#include "model/flops.h"
#include "support.h"
#include "train/losses.h"
#include "train/objective.h"

namespace duovox::testing {
namespace {

/// Loss of pretraining and the gradients at the copies that the passes use, by name.
struct Pass {
  double loss = 0;
  std::map<std::string, at::Tensor> gradients;
};

Pass run(duovox_model_config config, int32_t precision) {
  config.precision = precision;
  config.dropout = 0.1;
  UnitModel model(config);
  scramble(model.parameters(), 5, 0.2);
  write_codebooks(model);
  duovox_train_config training{};
  training.mcp_weight = training.mcr_weight = 1;
  const Objective objective(training, model);
  Dropout dropout(config.dropout, 1, 1, at::kCPU);
  const Outcome outcome =
      objective(random_batch(config, {9, 4, 12}).inputs(), dropout, Mode::kTraining);
  EXPECT_EQ(outcome.loss.scalar_type(), at::kFloat);
  outcome.loss.backward();
  Pass pass;
  pass.loss = outcome.loss.item<double>();
  for (const NamedTensor& tensor : model.parameters().all()) {
    if (!tensor.trainable || !tensor.compute.grad().defined()) continue;
    pass.gradients[tensor.name] = tensor.compute.grad().to(at::kDouble);
  }
  return pass;
}

TEST(Precision, ShortFloatsAreCloseToFloat32) {
  for (const auto& config : {small_config(), prototype_config(), joint_config(), single_config()}) {
    const Pass exact = run(config, DUOVOX_FP32);
    for (const auto& [precision, most] :
         std::vector<std::pair<int32_t, double>>{{DUOVOX_BF16, 0.1}, {DUOVOX_FP16, 0.02}}) {
      const Pass actual = run(config, precision);
      EXPECT_NEAR(actual.loss, exact.loss, most * exact.loss / 4) << precision;
      EXPECT_EQ(actual.gradients.size(), exact.gradients.size());
      double difference = 0, norm = 0;
      for (const auto& [name, gradient] : exact.gradients) {
        difference += (actual.gradients.at(name) - gradient).square().sum().item<double>();
        norm += gradient.square().sum().item<double>();
      }
      EXPECT_LT(std::sqrt(difference / norm), most) << config.kind << " " << precision;
    }
  }
}

TEST(Precision, CopiesAreShortAndMastersUntouched) {
  duovox_model_config config = small_config();
  config.precision = DUOVOX_BF16;
  UnitModel model(config);
  const NamedTensor& weight = model.parameters().named("contextual.layer.0.attention.qkv.weight");
  EXPECT_EQ(weight.value.scalar_type(), at::kFloat);
  EXPECT_EQ(weight.compute.scalar_type(), at::kBFloat16);
  const NamedTensor& gru = model.parameters().named("phonetic.embedding.gru.forward.input.weight");
  EXPECT_TRUE(gru.compute.is_same(gru.value)) << "recurrences compute in float32";
  EXPECT_EQ(model.parameters()
                .named("phonetic.embedding.unit.weight")
                .value[7]
                .abs()
                .max()
                .item<double>(),
            0);
  const at::Tensor before = weight.value.clone();
  Dropout off;
  const Channels x = model.encode(random_batch(config, {5}).inputs(), off);
  EXPECT_EQ(x.contextual.scalar_type(), at::kBFloat16);
  x.contextual.sum().backward();
  EXPECT_TRUE(weight.value.equal(before));
  EXPECT_FALSE(weight.value.grad().defined());
  EXPECT_TRUE(weight.compute.grad().defined());
}

double counted(const duovox_model_config& config, const Inputs& inputs) {
  const UnitModel model(config);
  const FlopCounter counter;
  const at::NoGradGuard no_grad;
  Dropout off;
  model.encode(inputs, off);
  return counter.count();
}

TEST(Flops, OfASingleStreamAreThoseOfItsProducts) {
  const duovox_model_config config = single_config();
  double expected = 0;
  for (const double t : {9.0, 4.0}) {
    const double maps = 8 * 24 + 8 * 8 + 2 * 8 * 12, attention = 2 * t * 8;
    expected += 2 * config.layers * t * (maps + attention);
  }
  EXPECT_EQ(counted(config, random_batch(config, {9, 4}).inputs()), expected);
}

TEST(Flops, OfADualModelCountInteractionAndRecurrence) {
  const duovox_model_config config = small_config();
  const Inputs inputs = random_batch(config, {9}).inputs();
  const double units = static_cast<double>(inputs.phonetic.size(0)), t = 9;
  const double layer = t * (8 * 24 + 8 * 8 + 2 * 8 * 12 + 2 * t * 8);
  const double interaction = t * (2 * 8 * 8 + 3 * 16 * 16 + 2 * 16 * 8);
  const double gru = units * (6 * 12 + 12 * 2);  // both directions of 3 x 2 from 6 and from 2
  EXPECT_EQ(counted(config, inputs), 2 * (config.layers * (2 * layer + interaction) + gru));
}

TEST(Flops, ACounterSeesOnlyWhatHappensWhileItLives) {
  FlopCounter outer;
  {
    const FlopCounter inner;
    FlopCounter::product(2, 3, 4);
    EXPECT_EQ(inner.count(), 48);
  }
  EXPECT_EQ(outer.count(), 0);
  FlopCounter::product(1, 1, 1);
  EXPECT_EQ(outer.count(), 2);
}

TEST(Reconstruction, OfFeaturesIsTheMeanAbsoluteErrorToThem) {
  const duovox_model_config config = small_config();
  UnitModel model(config);
  scramble(model.parameters());
  write_codebooks(model);
  TestBatch batch = random_batch(config, {9, 4});
  const Inputs inputs = batch.inputs(Purpose::kReconstruct);
  duovox_train_config training{};
  training.mcr_target = DUOVOX_TARGET_FEATURE;
  training.mcr_weight = 2;
  const Objective objective(training, model);
  EXPECT_EQ(objective.purpose(), Purpose::kReconstruct);
  Dropout off;
  const Outcome outcome = objective(inputs, off, Mode::kTraining);
  const at::Tensor made = model.reconstruct(states(model, inputs), inputs.positions);
  const at::Tensor codebook = model.parameters().named("contextual.codebook").value.to(at::kDouble);
  const at::Tensor mean = codebook.mean(0);
  const double scale = (codebook - mean).square().mean().sqrt().item<double>();
  double sum = 0;
  for (int64_t m = 0; m < made.size(0); ++m) {
    for (int64_t r = 0; r < 5; ++r) {
      const double target = (batch.representations[m * 5 + r] - mean[r].item<double>()) / scale;
      sum += std::abs(made[m][r].item<double>() - target);
    }
  }
  EXPECT_NEAR(outcome.mcr.item<double>(), sum / static_cast<double>(made.numel()), 1e-5);
  EXPECT_NEAR(outcome.loss.item<double>(), 2 * outcome.mcr.item<double>(), 1e-6);
}

}  // namespace
}  // namespace duovox::testing
