// The model's parts: gradients, codebooks, heads, initialization.
#include <gtest/gtest.h>

#include <cmath>

#include "gradients.h"
#include "support.h"

namespace duovox::testing {
namespace {

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

TEST(Heads, AreEvaluatedAtTheGivenPositionsOnly) {
  const duovox_model_config config = small_config();
  UnitModel model(config);
  scramble(model.parameters());
  const Inputs inputs = random_batch(config, {9, 5}).inputs();
  const Channels x = states(model, inputs);
  const at::Tensor all = model.predict(x, at::arange(14));
  const at::Tensor some = model.predict(x, inputs.positions);
  EXPECT_EQ(some.size(0), 4);  // 1, 4, 7 of the first row, 1 of the second (4 is its SEP)
  EXPECT_LT(largest_difference(some, all.index_select(0, inputs.positions)), 1e-6);
  EXPECT_EQ(model.reconstruct(x, inputs.positions).sizes(), (std::vector<int64_t>{4, 5}));
}

TEST(Heads, SplitHeadsReadTheirOwnChannel) {
  const duovox_model_config config = small_config();
  UnitModel model(config);
  const at::Tensor a = at::randn({4, 8}), b = at::randn({4, 8}), at1 = at::tensor({1}, at::kLong);
  EXPECT_TRUE(model.predict({a, b}, at1).equal(model.predict({b, b}, at1)));
  EXPECT_TRUE(model.reconstruct({a, b}, at1).equal(model.reconstruct({a, a}, at1)));
  EXPECT_FALSE(model.predict({a, b}, at1).equal(model.predict({a, a}, at1)));
}

TEST(Codebook, IsStandardizedWhenWritten) {
  Parameters parameters(at::kFloat, 1);
  const Codebook codebook(parameters, "contextual", 4, 2);
  EXPECT_FALSE(codebook.has_spread());
  const std::vector<float> values{1, 10, 3, 10, 5, 10, 7, 10};
  parameters.write(0, values.data());
  EXPECT_TRUE(codebook.has_spread());
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
