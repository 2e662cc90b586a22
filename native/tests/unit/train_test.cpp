// Training: losses, schedule and optimizer against their definitions, and small trainings that must
// reach their goal.
#include <ATen/core/grad_mode.h>
#include <gtest/gtest.h>

#include <cmath>

#include "capi/guard.h"
#include "error.h"
#include "support.h"
#include "train/losses.h"
#include "train/optimizer.h"
#include "train/schedule.h"
#include "train/trainer.h"
#include "training.h"

namespace duovox::testing {
namespace {

TEST(Losses, EqualTheirClosedForms) {
  const at::Tensor logits = at::tensor({1.0, 2.0, 3.0, 0.0, 0.0, 0.0}, at::kDouble).view({2, 3});
  const at::Tensor targets = at::tensor({1, 2}, at::kLong);
  const double first = -2 + std::log(std::exp(1.0) + std::exp(2.0) + std::exp(3.0)),
               second = std::log(3.0);
  EXPECT_NEAR(cross_entropy(logits, targets).item<double>(), (first + second) / 2, 1e-12);
  // Label smoothing mixes in the mean over the classes; both rows have mean -log p equal to the
  // true unit's here.
  EXPECT_NEAR(cross_entropy(logits, targets, 0.3).item<double>(), (first + second) / 2, 1e-12);
  const at::Tensor a = at::tensor({1.0, -2.0, 0.5, 0.0}).view({2, 2});
  EXPECT_NEAR(reconstruction_error(a, at::zeros({2, 2})).item<double>(), 3.5 / 4, 1e-7);
}

TEST(Schedule, WarmsUpAndDecays) {
  EXPECT_DOUBLE_EQ(schedule(1, 10, 110), 0.1);
  EXPECT_DOUBLE_EQ(schedule(10, 10, 110), 1);
  EXPECT_DOUBLE_EQ(schedule(11, 10, 110), 1);
  EXPECT_DOUBLE_EQ(schedule(61, 10, 110), 0.5);
  EXPECT_DOUBLE_EQ(schedule(110, 10, 110), 0.01);
  EXPECT_DOUBLE_EQ(schedule(1, 0, 4), 1);
  EXPECT_DOUBLE_EQ(schedule(4, 4, 4), 1);
}

/// AdamW as written in the paper, in float64, with clipping by the global norm over both
/// parameters.
struct Reference {
  std::vector<double> value, mean, variance;
  explicit Reference(std::vector<double> v) : value(v), mean(v.size()), variance(v.size()) {}
  void step(int t, const std::vector<double>& gradient, double coefficient, double rate,
            double decay) {
    for (size_t i = 0; i < value.size(); ++i) {
      const double g = gradient[i] * coefficient;
      mean[i] = 0.9 * mean[i] + 0.1 * g;
      variance[i] = 0.999 * variance[i] + 0.001 * g * g;
      const double m = mean[i] / (1 - std::pow(0.9, t)), v = variance[i] / (1 - std::pow(0.999, t));
      value[i] -= rate * decay * value[i] + rate * m / (std::sqrt(v) + 1e-8);
    }
  }
};

TEST(Optimizer, EqualsAdamWWrittenOut) {
  const at::Tensor weight = at::tensor({1.0F, -2.0F, 3.0F}).set_requires_grad(true);
  const at::Tensor bias = at::tensor({0.5F, 4.0F}).set_requires_grad(true);
  duovox_train_config config = default_train_config();
  config.weight_decay = 0.1;
  Optimizer optimizer(config,
                      {{"w", weight, weight, true, true, {}}, {"b", bias, bias, true, false, {}}});
  Reference w({1, -2, 3}), b({0.5, 4});
  const std::vector<std::vector<double>> gradients{
      {0.3, -0.1, 0.2, 0.1, 0}, {3, 1, -2, 5, 1}, {0, 0.2, 0, -0.4, 0.1}};
  for (int t = 1; t <= 3; ++t) {
    const auto& g = gradients[t - 1];
    weight.mutable_grad() = at::tensor({g[0], g[1], g[2]}).to(at::kFloat);
    bias.mutable_grad() = at::tensor({g[3], g[4]}).to(at::kFloat);
    double norm = 0;
    for (const double x : g) norm += x * x;
    norm = std::sqrt(norm);
    const auto measured = optimizer.measure(at::zeros({}), 1);
    EXPECT_NEAR(measured.norm.item<double>(), norm, 1e-6);
    EXPECT_EQ(measured.not_finite.item<double>(), 0);
    optimizer.update(measured, measured.not_finite, 0.01 * t);
    const double coefficient = std::min(1.0, 1 / (norm + 1e-6));
    w.step(t, {g[0], g[1], g[2]}, coefficient, 0.01 * t, 0.1);
    b.step(t, {g[3], g[4]}, coefficient, 0.01 * t, 0);
    EXPECT_FALSE(weight.grad().defined());
  }
  for (int i = 0; i < 3; ++i) EXPECT_NEAR(weight[i].item<double>(), w.value[i], 1e-6);
  for (int i = 0; i < 2; ++i) EXPECT_NEAR(bias[i].item<double>(), b.value[i], 1e-6);
}

TEST(Optimizer, SkipsWhatIsNotFiniteAndGoesOn) {
  const at::Tensor weight = at::tensor({1.0F}).set_requires_grad(true);
  const at::Tensor twin = at::tensor({1.0F}).set_requires_grad(true);
  Optimizer optimizer(default_train_config(), {{"w", weight, weight, true, true, {}}});
  Optimizer clean(default_train_config(), {{"w", twin, twin, true, true, {}}});
  const auto step = [](Optimizer& o, const at::Tensor& p, float gradient, float loss) {
    p.mutable_grad() = at::tensor({gradient});
    const auto measured = o.measure(at::scalar_tensor(loss, at::kFloat), 1);
    o.update(measured, measured.not_finite, 0.1);
    return measured.not_finite.item<double>();
  };
  EXPECT_EQ(step(optimizer, weight, 0.5F, 1), 0);
  EXPECT_EQ(step(optimizer, weight, NAN, 1), 1);
  EXPECT_EQ(step(optimizer, weight, 0.5F, INFINITY), 1);
  EXPECT_EQ(step(optimizer, weight, 0.2F, 1), 0);
  step(clean, twin, 0.5F, 1);
  step(clean, twin, 0.2F, 1);
  EXPECT_EQ(weight.item<float>(), twin.item<float>());
}

TEST(Optimizer, ClipsOnlyWhatIsTooLarge) {
  const std::vector<at::Tensor> gradients{at::tensor({3.0F}), at::tensor({4.0F})};
  const at::Tensor norm = global_norm(gradients);
  EXPECT_FLOAT_EQ(norm.item<float>(), 5);
  clip_gradients(gradients, norm, 0);
  clip_gradients(gradients, norm, 6);
  EXPECT_FLOAT_EQ(gradients[1].item<float>(), 4);
  clip_gradients(gradients, norm, 1);
  EXPECT_NEAR(gradients[1].item<float>(), 0.8, 1e-6);
}

duovox_train_report train(UnitModel& model, const duovox_train_config& config,
                          const Inputs& inputs) {
  Trainer trainer(model, config);
  for (int64_t i = 0; i < config.steps; ++i) trainer.step({inputs});
  trainer.report();
  trainer.evaluate({inputs});
  return trainer.evaluation();
}

void expect_overfits(duovox_model_config config, int32_t objective) {
  config.hidden = 32;
  config.feed_forward = 64;
  UnitModel model(config);
  write_codebook(model);
  duovox_train_config training = quick(objective, 200, 5e-3);
  if (config.representation_width == 0) training.mcr_weight = 0;
  const Purpose purpose = objective == DUOVOX_PRETRAIN ? Purpose::kPretrain : Purpose::kClassify;
  const auto report = train(model, training, random_batch(config, {9, 6, 7, 12}).inputs(purpose));
  EXPECT_LT(report.mcp, 0.02);
  EXPECT_EQ(report.accuracy, 1);
  if (objective == DUOVOX_PRETRAIN && training.mcr_weight > 0) {
    EXPECT_LT(report.mcr, 0.1);
  }
}

TEST(Training, OverfitsOneBatchDualSplit) { expect_overfits(small_config(), DUOVOX_PRETRAIN); }

TEST(Training, OverfitsOneBatchDualConcatenatedCodebook) {
  duovox_model_config config = small_config();
  config.head_layout = DUOVOX_HEADS_CONCATENATED;
  config.unit_embedding = DUOVOX_EMBED_CODEBOOK;
  config.phonetic_width = 3;
  config.phonetic_pooling = DUOVOX_POOL_MEAN;
  expect_overfits(config, DUOVOX_PRETRAIN);
}

TEST(Training, OverfitsOneBatchSingle) {
  duovox_model_config config = single_config();
  expect_overfits(config, DUOVOX_PRETRAIN);
  config.representation_width = 0;
  expect_overfits(config, DUOVOX_PRETRAIN);
}

TEST(Training, OverfitsOneBatchClassify) {
  expect_overfits(small_config(), DUOVOX_CLASSIFY);
  expect_overfits(single_config(), DUOVOX_CLASSIFY);
}

TEST(Training, IsRepeatableWithDropout) {
  duovox_model_config config = small_config();
  config.dropout = 0.2;
  const Inputs inputs = random_batch(config, {9, 6}).inputs();
  const auto run = [&](uint64_t seed) {
    UnitModel model(config);
    write_codebook(model);
    duovox_train_config training = quick(DUOVOX_PRETRAIN, 10, 1e-2);
    training.seed = seed;
    return train(model, training, inputs).loss;
  };
  at::manual_seed(1);
  const double first = run(7);
  at::manual_seed(2);
  EXPECT_EQ(first, run(7));
  EXPECT_NE(first, run(8));
}

TEST(Training, ProbeLeavesTheEncoderAsItWas) {
  duovox_model_config config = small_config();
  config.dropout = 0.5;  // must be off in the frozen encoder: the loss falls smoothly
  UnitModel model(config);
  std::vector<at::Tensor> before;
  for (const NamedTensor& tensor : model.parameters().all())
    before.push_back(tensor.value.detach().clone());
  const Inputs inputs = random_batch(config, {9, 6, 7}).inputs(Purpose::kClassify);
  const auto report = train(model, quick(DUOVOX_PROBE, 200, 0.1), inputs);
  EXPECT_LT(report.loss, 0.2);
  for (size_t i = 0; i < before.size(); ++i) {
    const NamedTensor& tensor = model.parameters().all()[i];
    const bool head = tensor.name.rfind("heads.classification.", 0) == 0;
    EXPECT_EQ(tensor.value.equal(before[i]), !head) << tensor.name;
  }
}

TEST(Training, WorksWhenTheCallerSwitchedGradientsOff) {
  const at::AutoGradMode off(false);
  const duovox_model_config config = small_config();
  UnitModel model(config);
  write_codebook(model);
  const Inputs inputs = random_batch(config, {9, 6}).inputs();
  const duovox_status status = guard("test", [&] {
    EXPECT_LT(train(model, quick(DUOVOX_PRETRAIN, 30, 1e-2), inputs).mcp,
              2.0);  // log 11 = 2.4 at the start
  });
  EXPECT_EQ(status, DUOVOX_OK) << last_error();
  EXPECT_FALSE(at::GradMode::is_enabled());
}

TEST(Training, SkipsAndNamesStepsThatAreNotFinite) {
  const duovox_model_config config = small_config();
  UnitModel model(config);
  write_codebook(model);
  const Inputs inputs = random_batch(config, {9, 6}).inputs();
  Trainer trainer(model, quick(DUOVOX_PRETRAIN, 30, 1e-2));
  trainer.step({inputs});
  const double first = trainer.losses(inputs, false).loss.item<double>();
  const at::Tensor unit = model.parameters().named("contextual.embedding.unit.weight").value;
  at::Tensor output = model.parameters().named("heads.mcp.output.weight").value;
  const at::Tensor good = output.detach().clone();
  const at::NoGradGuard no_grad;
  output.mul_(1e38).mul_(1e38);
  const at::Tensor before = unit.detach().clone();
  for (int i = 0; i < 2; ++i) {
    const at::AutoGradMode on(true);
    trainer.step({inputs});
  }
  EXPECT_TRUE(unit.equal(before));
  output.copy_(good);
  {
    const at::AutoGradMode on(true);
    trainer.step({inputs});
  }
  const auto report = trainer.report();
  EXPECT_EQ(report.step, 4);
  EXPECT_EQ(report.skipped, 2);
  EXPECT_EQ(report.first_skipped, 2);
  EXPECT_EQ(report.targets, 4 * inputs.positions.size(0));
  EXPECT_TRUE(std::isfinite(report.gradient_norm));
  EXPECT_LT(report.loss, 1.2 * first);  // a mean over the two finite steps only
  EXPECT_GT(report.loss, 0.8 * first);
  const auto next = trainer.report();
  EXPECT_EQ(next.skipped, 0);
  EXPECT_EQ(next.first_skipped, 0);
}

TEST(Training, ABatchWithoutTargetsCountsButChangesNothing) {
  const duovox_model_config config = small_config();
  UnitModel model(config);
  write_codebook(model);
  TestBatch batch = random_batch(config, {5});
  std::fill(batch.targets.begin(), batch.targets.end(), -1);
  Trainer trainer(model, quick(DUOVOX_PRETRAIN, 30, 1e-2));
  const at::Tensor bias = model.parameters().named("heads.mcp.output.bias").value;
  trainer.step({batch.inputs()});
  const auto report = trainer.report();
  EXPECT_EQ(report.step, 1);
  EXPECT_EQ(report.targets, 0);
  EXPECT_TRUE(std::isnan(report.loss));
  EXPECT_EQ(report.units, 5 + batch.phonetic_lengths[0]);
  EXPECT_EQ(bias.abs().max().item<double>(), 0);
}

}  // namespace
}  // namespace duovox::testing
