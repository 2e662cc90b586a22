// The model's parts: gradients, padding that never leaks, dropout, codebooks, heads,
// initialization.
#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include <cmath>

#include "error.h"
#include "support.h"
#include "train/objective.h"

namespace duovox::testing {
namespace {

void write_codebooks(UnitModel& model) {
  Random random(11);
  const auto& all = model.parameters().all();
  for (size_t i = 0; i < all.size(); ++i) {
    if (all[i].trainable) continue;
    std::vector<float> values(all[i].value.numel());
    for (float& value : values) value = static_cast<float>(random.uniform() * 4 + 1);
    model.parameters().write(i, values.data());
  }
}

void check_model_gradients(const duovox_model_config& config, int32_t objective) {
  UnitModel model(config, at::kDouble);
  scramble(model.parameters());
  write_codebooks(model);
  duovox_train_config training{};
  training.objective = objective;
  training.mcp_weight = 1;
  training.mcr_weight = config.representation_width > 0 ? 0.7 : 0;
  training.label_smoothing = 0.1;
  const Objective loss(training, model);
  const Inputs inputs = random_batch(config, {9, 4, 6}).inputs(loss.purpose());
  std::vector<NamedTensor> trained;
  for (const NamedTensor& tensor : model.parameters().all()) {
    if (loss.trains(tensor.name)) trained.push_back(tensor);
  }
  expect_gradients(trained, [&] {
    Dropout dropout(config.dropout, 1, 1, at::kCPU);  // the same masks every time
    return loss(inputs, dropout).loss;
  });
}

TEST(Gradients, DualChannelPretraining) { check_model_gradients(small_config(), DUOVOX_PRETRAIN); }

TEST(Gradients, DualChannelWithDropoutAndConcatenatedHeads) {
  duovox_model_config config = small_config();
  config.head_layout = DUOVOX_HEADS_CONCATENATED;
  config.dropout = 0.3;
  check_model_gradients(config, DUOVOX_PRETRAIN);
}

TEST(Gradients, CodebookEmbeddingAndMeanPooling) {
  duovox_model_config config = small_config();
  config.unit_embedding = DUOVOX_EMBED_CODEBOOK;
  config.phonetic_width = 4;
  config.phonetic_pooling = DUOVOX_POOL_MEAN;
  check_model_gradients(config, DUOVOX_PRETRAIN);
}

TEST(Gradients, ClassificationWithEachPooling) {
  for (const int32_t pooling : {DUOVOX_SEQUENCE_MEAN, DUOVOX_SEQUENCE_MAX, DUOVOX_SEQUENCE_CLS}) {
    duovox_model_config config = small_config();
    config.class_pooling = pooling;
    config.phonetic_pooling = DUOVOX_POOL_MAX;
    check_model_gradients(config, DUOVOX_CLASSIFY);
  }
}

TEST(Gradients, SingleStream) {
  check_model_gradients(single_config(), DUOVOX_PRETRAIN);
  check_model_gradients(single_config(), DUOVOX_CLASSIFY);
}

Channels states(const UnitModel& model, const Inputs& inputs) {
  const at::NoGradGuard no_grad;
  Dropout off;
  return model.encode(inputs, off);
}

void expect_no_leak(const duovox_model_config& config) {
  UnitModel model(config);
  scramble(model.parameters());
  const Row row = random_row(config, 6, 1);
  TestBatch together(config, {random_row(config, 9, 2), row, random_row(config, 14, 3)}, 12345);
  const Channels alone = states(model, TestBatch(config, {row}).inputs());
  const Channels among = states(model, together.inputs());
  EXPECT_LT(largest_difference(alone.contextual[0], among.contextual[1].narrow(0, 0, 6)), 1e-6);
  if (is_dual(config)) {
    EXPECT_LT(largest_difference(alone.phonetic[0], among.phonetic[1].narrow(0, 0, 6)), 1e-6);
  }
  Dropout off;
  const at::Tensor one = model.classify(model.pool(alone, TestBatch(config, {row}).inputs()), off);
  const at::Tensor many = model.classify(model.pool(among, together.inputs()), off);
  EXPECT_LT(largest_difference(one[0], many[1]), 1e-6);
}

TEST(Padding, NeverLeaks) {
  for (const int32_t pooling : {DUOVOX_GRU_ENDS, DUOVOX_POOL_MEAN, DUOVOX_POOL_MAX}) {
    duovox_model_config config = small_config();
    config.phonetic_pooling = pooling;
    config.class_pooling = pooling;  // the three values of either enum
    expect_no_leak(config);
  }
  expect_no_leak(single_config());
}

TEST(Padding, GradientsDoNotLeakEither) {
  const duovox_model_config config = small_config();
  const Row row = random_row(config, 6, 1), other = random_row(config, 14, 3);
  const auto gradient = [&](const std::vector<Row>& rows, int64_t index) {
    UnitModel model(config, at::kDouble);
    scramble(model.parameters());
    Dropout off;
    const Channels x = model.encode(TestBatch(config, rows).inputs(), off);
    x.contextual[index].narrow(0, 0, 6).square().sum().backward();
    return model.parameters().named("phonetic.embedding.gru.backward.hidden.weight").value.grad();
  };
  EXPECT_LT(largest_difference(gradient({row}, 0), gradient({other, row}, 1)), 1e-10);
}

TEST(Attention, FormWithDropoutEqualsTheFusedForm) {
  Parameters parameters(at::kFloat, 1);
  const Attention attention(parameters, "a", 16, 4);
  scramble(parameters);
  const at::Tensor x = at::randn({3, 7, 16});
  const at::Tensor real = at::arange(7) < at::tensor({7, 3, 5}).unsqueeze(1);
  Dropout off, negligible(1e-7, 1, 1, at::kCPU);  // rounds to never
  EXPECT_LT(largest_difference(attention(x, real, off), attention(x, real, negligible)), 1e-5);
}

TEST(Interaction, EqualsTheFormulaWrittenOut) {
  const duovox_model_config config = small_config();
  Parameters parameters(at::kDouble, 1);
  const Interaction interaction(parameters, "i", config);
  scramble(parameters);
  const auto p = [&](const char* name) { return parameters.named(std::string("i.") + name).value; };
  const at::Tensor c = at::randn({5, 8}, at::kDouble), f = at::randn({5, 8}, at::kDouble);
  Inputs inputs;
  const Channels found = interaction({c.unsqueeze(0), f.unsqueeze(0)}, inputs);
  const at::Tensor both =
      at::cat({at::matmul(c, p("contextual.input.weight").t()) + p("contextual.input.bias"),
               at::matmul(f, p("phonetic.input.weight").t()) + p("phonetic.input.bias")},
              1);
  at::Tensor mixed = p("convolution.bias").expand({5, 16}).clone();
  for (int64_t t = 0; t < 5; ++t) {
    for (int64_t k = 0; k < 3; ++k) {
      const int64_t from = t + k - 1;
      if (from >= 0 && from < 5)
        mixed[t] += at::mv(p("convolution.weight").select(2, k), both[from]);
    }
  }
  const at::Tensor out =
      at::matmul(at::tanh(mixed), p("phonetic.output.weight").t()) + p("phonetic.output.bias");
  const at::Tensor sum = f + 0.5 * out * (1 + at::erf(out / std::sqrt(2.0)));
  const at::Tensor centered = sum - sum.mean(1, true);
  const at::Tensor expected =
      centered / (centered.square().mean(1, true) + 1e-12).sqrt() * p("phonetic.norm.weight") +
      p("phonetic.norm.bias");
  EXPECT_LT(largest_difference(found.phonetic[0], expected), 1e-12);
}

TEST(Heads, AreEvaluatedAtTheGivenPositionsOnly) {
  const duovox_model_config config = small_config();
  UnitModel model(config);
  scramble(model.parameters());
  const Inputs inputs = random_batch(config, {9, 5}).inputs();
  const Channels x = states(model, inputs);
  const at::Tensor all = model.predict(x, at::arange(18));
  const at::Tensor some = model.predict(x, inputs.positions);
  EXPECT_EQ(some.size(0), 4);  // 1, 4, 7 of the first row, 1 of the second (4 is its SEP)
  EXPECT_LT(largest_difference(some, all.index_select(0, inputs.positions)), 1e-6);
  EXPECT_EQ(model.reconstruct(x, inputs.positions).sizes(), (std::vector<int64_t>{4, 5}));
}

TEST(Heads, SplitHeadsReadTheirOwnChannel) {
  const duovox_model_config config = small_config();
  UnitModel model(config);
  const at::Tensor a = at::randn({1, 4, 8}), b = at::randn({1, 4, 8}),
                   at1 = at::tensor({1}, at::kLong);
  EXPECT_TRUE(model.predict({a, b}, at1).equal(model.predict({b, b}, at1)));
  EXPECT_TRUE(model.reconstruct({a, b}, at1).equal(model.reconstruct({a, a}, at1)));
  EXPECT_FALSE(model.predict({a, b}, at1).equal(model.predict({a, a}, at1)));
}

TEST(Codebook, IsStandardizedWhenWritten) {
  Parameters parameters(at::kFloat, 1);
  const Codebook codebook(parameters, "contextual", 4, 2);
  EXPECT_FALSE(codebook.written());
  const std::vector<float> values{1, 10, 3, 10, 5, 10, 7, 10};
  parameters.write(0, values.data());
  EXPECT_TRUE(codebook.written());
  const at::Tensor& standardized = codebook.standardized();
  EXPECT_NEAR(standardized.mean().item<double>(), 0, 1e-6);
  EXPECT_NEAR(standardized.square().mean().item<double>(), 1, 1e-5);
  EXPECT_LT(standardized.select(1, 1).abs().max().item<double>(), 1e-6);
  const std::vector<float> constant(8, 3);
  parameters.write(0, constant.data());
  EXPECT_EQ(codebook.standardized().abs().max().item<double>(), 0);
}

TEST(UnitTable, SpecialUnitsHaveNoCodebookVector) {
  Parameters parameters(at::kFloat, 1);
  const auto codebook = std::make_shared<Codebook>(parameters, "contextual", 3, 2);
  const UnitTable table(parameters, "contextual", 7, 6, 4, codebook);
  const at::Tensor before = table.vectors().clone();
  EXPECT_EQ(before[6].abs().max().item<double>(), 0);  // PAD
  const std::vector<float> values{1, 2, 3, 4, 5, 9};
  parameters.write(0, values.data());
  const at::Tensor after = table.vectors();
  EXPECT_TRUE(after.slice(0, 3).equal(before.slice(0, 3)));
  EXPECT_FALSE(after.slice(0, 0, 3).equal(before.slice(0, 0, 3)));
}

TEST(DropoutMasks, AreAPureFunctionOfSeedStepAndCall) {
  const at::Tensor ones = at::ones({300, 1000});
  const auto draw = [&](uint64_t seed, int64_t step, int calls = 1) {
    Dropout dropout(0.25, seed, step, at::kCPU);
    at::Tensor mask;
    for (int i = 0; i < calls; ++i) mask = dropout(ones);
    return mask;
  };
  const at::Tensor mask = draw(1, 1);
  const int threads = at::get_num_threads();
  at::set_num_threads(threads == 1 ? 2 : 1);
  EXPECT_TRUE(mask.equal(draw(1, 1)));
  at::set_num_threads(threads);
  for (const at::Tensor& other : {draw(2, 1), draw(1, 2), draw(1, 1, 2)}) {
    // Independent masks agree with probability 0.75^2 + 0.25^2 = 0.625.
    EXPECT_NEAR(mask.eq(other).to(at::kDouble).mean().item<double>(), 0.625, 0.005);
  }
  EXPECT_NEAR(mask.mean().item<double>(), 1, 0.005);
  EXPECT_NEAR(mask.eq(0).to(at::kDouble).mean().item<double>(), 0.25, 0.003);
}

TEST(Model, ASeedGivesTheSameModelWhateverTheGlobalGenerator) {
  duovox_model_config config = small_config();
  at::manual_seed(1);
  const UnitModel first(config);
  at::manual_seed(2);
  const UnitModel second(config);
  config.seed = 4;
  const UnitModel third(config);
  bool all_equal = true, any_different = false;
  for (size_t i = 0; i < first.parameters().all().size(); ++i) {
    const at::Tensor& value = first.parameters().all()[i].value;
    all_equal &= value.equal(second.parameters().all()[i].value);
    any_different |= !value.equal(third.parameters().all()[i].value);
  }
  EXPECT_TRUE(all_equal);
  EXPECT_TRUE(any_different);
}

TEST(Model, InitialScaleIsBerts) {
  duovox_model_config config = small_config();
  config.hidden = 64;
  config.feed_forward = 256;
  const UnitModel model(config);
  const at::Tensor weight =
      model.parameters().named("contextual.layer.0.feed_forward.input.weight").value;
  EXPECT_NEAR(weight.std().item<double>(), 0.02, 0.001);
  EXPECT_EQ(model.parameters()
                .named("contextual.layer.0.attention.qkv.bias")
                .value.abs()
                .max()
                .item<double>(),
            0);
  EXPECT_EQ(
      model.parameters().named("interaction.1.phonetic.norm.weight").value.min().item<double>(), 1);
  const at::Tensor gru =
      model.parameters().named("phonetic.embedding.gru.forward.hidden.weight").value;
  EXPECT_LE(gru.abs().max().item<double>(), 0.25);  // 1 / sqrt(64 / 4)
  EXPECT_GT(gru.abs().max().item<double>(), 0.2);
}

}  // namespace
}  // namespace duovox::testing
