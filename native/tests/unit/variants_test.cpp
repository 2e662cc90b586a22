// Kinds and options of the model: packing and padding, parts of a batch, sharing, joint sequences,
// precisions.
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>

#include "error.h"
#include "gradients.h"
#include "support.h"

namespace duovox::testing {
namespace {

std::vector<duovox_model_config> all_kinds() {
  std::vector<duovox_model_config> configs{small_config(), single_config(), joint_config(),
                                           prototype_config()};
  for (const int32_t pooling : {DUOVOX_POOL_MEAN, DUOVOX_POOL_MAX}) {
    configs.push_back(small_config());
    configs.back().phonetic_pooling = pooling;
    configs.back().class_pooling = pooling;
  }
  configs.push_back(small_config());
  configs.back().interaction = DUOVOX_INTERACTION_NONE;
  configs.push_back(joint_config());
  configs.back().unit_embedding = DUOVOX_EMBED_CODEBOOK;
  configs.back().phonetic_width = 4;
  return configs;
}

std::set<std::string> names(const UnitModel& model) {
  std::set<std::string> actual;
  for (const NamedTensor& tensor : model.parameters().all()) actual.insert(tensor.name);
  return actual;
}

at::Tensor both(const Channels& x) {
  return x.phonetic.defined() ? at::cat({x.contextual, x.phonetic}, 1) : x.contextual;
}

TEST(Packing, ARowDoesNotDependOnItsNeighborsOrOnPadding) {
  for (const duovox_model_config& config : all_kinds()) {
    UnitModel model(config);
    scramble(model.parameters());
    const Row row = random_row(config, 6, 1);
    const Inputs one = TestBatch(config, {row}).inputs();
    const Inputs many =
        TestBatch(config, {random_row(config, 9, 2), row, random_row(config, 14, 3)}, 12345)
            .inputs();
    const Channels alone = states(model, one), among = states(model, many);
    EXPECT_LT(largest_difference(both(alone), both(among).slice(0, 9, 15)), 1e-6) << config.kind;
    const at::Tensor unpacked = many.unpack(both(among));
    EXPECT_EQ(unpacked.sizes(), (std::vector<int64_t>{3, 14, both(among).size(1)}));
    EXPECT_TRUE(unpacked[1].slice(0, 0, 6).equal(both(among).slice(0, 9, 15)));
    EXPECT_EQ(unpacked[1].slice(0, 6).abs().max().item<double>(), 0);
    Dropout off;
    EXPECT_LT(largest_difference(model.classify(model.pool(alone, one), off)[0],
                                 model.classify(model.pool(among, many), off)[1]),
              1e-6);
  }
}

TEST(Packing, GradientsDoNotLeakEither) {
  const duovox_model_config config = small_config();
  const Row row = random_row(config, 6, 1), other = random_row(config, 14, 3);
  const auto gradient = [&](const std::vector<Row>& rows, int64_t from) {
    UnitModel model(config, at::kDouble);
    scramble(model.parameters());
    Dropout off;
    const Channels x = model.encode(TestBatch(config, rows).inputs(), off);
    x.contextual.slice(0, from, from + 6).square().sum().backward();
    return model.parameters().named("phonetic.embedding.gru.backward.hidden.weight").value.grad();
  };
  EXPECT_LT(largest_difference(gradient({row}, 0), gradient({other, row}, 14)), 1e-10);
}

TEST(Parts, OfABatchGiveWhatTheWholeGives) {
  for (duovox_model_config config : all_kinds()) {
    config.dropout = 0.2;
    UnitModel model(config);
    scramble(model.parameters());
    TestBatch batch = random_batch(config, {9, 4, 12, 6});
    const auto run = [&](const Inputs& inputs, int64_t first_row) {
      Dropout dropout(config.dropout, 5, 2, at::kCPU, first_row);
      return both(model.encode(inputs, dropout));
    };
    const at::Tensor whole = run(batch.inputs(), 0);
    EXPECT_LT(largest_difference(whole.slice(0, 0, 9), run(batch.part(0, 1), 0)), 1e-5);
    EXPECT_LT(largest_difference(whole.slice(0, 9, 25), run(batch.part(1, 2), 1)), 1e-5);
    EXPECT_LT(largest_difference(whole.slice(0, 25), run(batch.part(3, 1), 3)), 1e-5);
    Dropout elsewhere(config.dropout, 5, 2, at::kCPU, 0);
    EXPECT_GT(
        largest_difference(whole.slice(0, 25), both(model.encode(batch.part(3, 1), elsewhere))),
        1e-3);
  }
}

TEST(Parts, TakeTheirOwnTargetsLabelsAndRepresentations) {
  const duovox_model_config config = small_config();
  TestBatch batch = random_batch(config, {9, 4, 12, 6});
  const Inputs whole = batch.inputs(Purpose::kReconstruct);
  // Read where they are: nothing copies them on the CPU.
  EXPECT_EQ(whole.representations.const_data_ptr<float>(), batch.representations.data());
  const Inputs part = batch.part(2, 2, Purpose::kReconstruct);
  const int64_t before = whole.positions.lt(13).sum().item<int64_t>();
  EXPECT_GT(before, 0);
  EXPECT_TRUE(part.positions.equal(whole.positions.slice(0, before) - 13));
  EXPECT_TRUE(part.targets.equal(whole.targets.slice(0, before)));
  EXPECT_TRUE(part.representations.equal(whole.representations.slice(0, before)));
  EXPECT_EQ(part.units, 18 + batch.phonetic_lengths[2] + batch.phonetic_lengths[3]);
  const Inputs classes = batch.part(2, 2, Purpose::kClassify);
  EXPECT_EQ(classes.labels[1].item<int64_t>(), batch.labels[3]);
}

TEST(Gradients, OfEveryKindWithDropout) {
  for (duovox_model_config config : all_kinds()) {
    config.dropout = 0.2;
    check_model_gradients(config, DUOVOX_PRETRAIN);
    check_model_gradients(config, DUOVOX_CLASSIFY);
  }
}

TEST(Gradients, OfReconstructionToFeatures) {
  check_model_gradients(small_config(), DUOVOX_PRETRAIN, DUOVOX_TARGET_FEATURE);
}

TEST(Sharing, OneStackServesBothChannels) {
  duovox_model_config config = small_config();
  config.shared_stacks = 1;
  config.interaction = DUOVOX_INTERACTION_SHARED;
  UnitModel model(config);
  for (const std::string& name : names(model)) {
    EXPECT_EQ(name.find("phonetic.layer."), std::string::npos) << name;
    EXPECT_EQ(name.find("interaction.0"), std::string::npos) << name;
  }
  EXPECT_TRUE(names(model).count("interaction.shared.convolution.weight"));
  // Separate stacks with equal weights, and an interaction per layer with equal weights, are the
  // same function, and their gradients add up to the shared ones.
  UnitModel apart(small_config(), at::kDouble), shared(config, at::kDouble);
  scramble(shared.parameters());
  const auto original = [](std::string name) {
    for (const char* number : {".0.", ".1."}) {
      if (name.rfind(std::string("interaction") + number, 0) == 0) {
        return "interaction.shared." + name.substr(14);
      }
    }
    return name.rfind("phonetic.layer.", 0) == 0 ? "contextual" + name.substr(8) : name;
  };
  {
    const at::NoGradGuard no_grad;
    for (const NamedTensor& tensor : apart.parameters().all()) {
      at::Tensor value = tensor.value;
      value.copy_(shared.parameters().named(original(tensor.name)).value);
    }
  }
  const Inputs inputs = random_batch(config, {9, 4}).inputs();
  Dropout off;
  const at::Tensor a = both(shared.encode(inputs, off)), b = both(apart.encode(inputs, off));
  EXPECT_LT(largest_difference(a, b), 1e-12);
  const at::Tensor weights = at::randn(a.sizes(), at::kDouble);
  (a * weights).sum().backward();
  (b * weights).sum().backward();
  std::map<std::string, at::Tensor> sums;
  for (const NamedTensor& tensor : apart.parameters().all()) {
    if (!tensor.value.grad().defined()) continue;
    at::Tensor& sum = sums[original(tensor.name)];
    sum = sum.defined() ? sum + tensor.value.grad() : tensor.value.grad();
  }
  EXPECT_GT(sums.size(), 20U);
  for (const auto& [name, sum] : sums) {
    EXPECT_LT(largest_difference(sum, shared.parameters().named(name).value.grad()), 1e-10) << name;
  }
}

TEST(Interactions, AreAbsentWhereThereAreNone) {
  duovox_model_config config = small_config();
  config.interaction = DUOVOX_INTERACTION_NONE;
  UnitModel model(config);
  for (const std::string& name : names(model)) {
    EXPECT_EQ(name.find("interaction"), std::string::npos) << name;
  }
  TestBatch batch = random_batch(config, {8});
  const Channels before = states(model, batch.inputs());
  batch.phonetic[3] = (batch.phonetic[3] + 1) % config.phonetic_codes;
  const Channels after = states(model, batch.inputs());
  EXPECT_TRUE(before.contextual.equal(after.contextual));
  EXPECT_FALSE(before.phonetic.equal(after.phonetic));
}

TEST(TypeEmbedding, IsAddedToEveryContextualToken) {
  duovox_model_config config = small_config();
  config.type_embeddings = 1;
  UnitModel model(config, at::kDouble);
  scramble(model.parameters());
  const Inputs inputs = random_batch(config, {9, 4}).inputs();
  const auto first = [&] {
    const at::NoGradGuard no_grad;
    Dropout off;
    return model.encode(inputs, 0, off).contextual;
  };
  const at::NoGradGuard no_grad;
  const at::Tensor before = first();
  at::Tensor type = model.parameters().named("contextual.embedding.type.weight").value;
  at::Tensor position = model.parameters().named("contextual.embedding.position.weight").value;
  position.add_(type);
  type.zero_();
  EXPECT_LT(largest_difference(before, first()), 1e-12);
  position.sub_(1);
  EXPECT_LT(largest_difference(before, first()), 1e-9);  // LayerNorm takes a constant away
  position[2].select(0, 0).add_(3);
  EXPECT_GT(largest_difference(before, first()), 1e-3);
}

TEST(Heads, ScoreSpecialUnitsAndHaveTheirOwnWidth) {
  const UnitModel model(prototype_config());
  const auto size = [&](const char* name) { return model.parameters().named(name).value.sizes(); };
  EXPECT_EQ(size("heads.mcp.dense.weight"), (std::vector<int64_t>{16, 16}));
  EXPECT_EQ(size("heads.mcp.norm.weight"), (std::vector<int64_t>{16}));
  EXPECT_EQ(size("heads.mcp.output.weight"), (std::vector<int64_t>{11 + 4, 16}));
  EXPECT_EQ(size("interaction.shared.convolution.weight"), (std::vector<int64_t>{8, 16, 3}));
}

TEST(Joint, IsOneSequenceWithTypesAndPositionsThatGoOn) {
  const duovox_model_config config = joint_config();
  UnitModel model(config, at::kDouble);
  scramble(model.parameters());
  TestBatch batch = random_batch(config, {5, 4});
  const Inputs inputs = batch.inputs();
  const at::NoGradGuard no_grad;
  Dropout off;
  const auto p = [&](const std::string& name) { return model.parameters().named(name).value; };
  std::vector<at::Tensor> sequence;  // of the second row
  for (int64_t t = 0; t < 4; ++t) {
    sequence.push_back(p("contextual.embedding.unit.weight")[batch.contextual[5 + t]] +
                       p("contextual.embedding.type.weight")[0]);
  }
  const int64_t units = batch.phonetic_lengths[1];
  for (int64_t i = 0; i < units; ++i) {
    const int32_t unit = batch.phonetic[batch.shape.phonetic_units + i];
    sequence.push_back(p("phonetic.embedding.unit.weight")[unit] +
                       p("contextual.embedding.type.weight")[1]);
  }
  const at::Tensor x =
      at::stack(sequence) + p("contextual.embedding.position.weight").slice(0, 0, 4 + units);
  const at::Tensor normal =
      at::layer_norm(x, {8}, p("contextual.embedding.norm.weight"),
                     p("contextual.embedding.norm.bias"), config.layer_norm_epsilon);
  const Channels actual = model.encode(inputs, 0, off);
  EXPECT_LT(largest_difference(actual.contextual.slice(0, 5), normal.slice(0, 0, 4)), 1e-12);
  for (int64_t t = 0; t < 4; ++t) {
    const at::Tensor mean =
        normal.slice(0, 4 + batch.starts[5 + t], 4 + batch.ends[5 + t] + 1).mean(0);
    EXPECT_LT(largest_difference(actual.phonetic[5 + t], mean), 1e-12);
  }
}

TEST(Joint, PhoneticUnitsReachTheContextualStates) {
  const duovox_model_config config = joint_config();
  UnitModel model(config);
  scramble(model.parameters());
  TestBatch batch = random_batch(config, {8});
  const Channels before = states(model, batch.inputs());
  batch.phonetic[3] = (batch.phonetic[3] + 1) % config.phonetic_codes;
  EXPECT_GT(largest_difference(before.contextual, states(model, batch.inputs()).contextual), 1e-4);
}

TEST(Joint, TooLongASequenceNamesBothNumbers) {
  duovox_model_config config = joint_config();
  config.max_positions = 12;
  TestBatch batch = random_batch(config, {3, 8});
  try {
    batch.inputs();
    FAIL() << "not noticed";
  } catch (const Error& e) {
    const std::string text = e.what();
    const int32_t units = batch.phonetic_lengths[1];
    EXPECT_EQ(text, "row 1: 8 tokens and " + std::to_string(units) +
                        " phonetic units make a sequence of " + std::to_string(8 + units) +
                        ", must be at most config.max_positions = 12");
  }
}

TEST(Features, AreStandardizedByTheCodebook) {
  const duovox_model_config config = small_config();
  UnitModel model(config);
  write_codebooks(model);
  const at::Tensor codebook = model.parameters().named("contextual.codebook").value;
  const at::Tensor targets = at::tensor({3, 0, 7}, at::kLong);
  EXPECT_LT(largest_difference(model.standardized(codebook.index_select(0, targets)),
                               model.reconstruction_targets(targets)),
            1e-6);
  const at::Tensor mean = codebook.mean(0);
  EXPECT_LT(model.standardized(mean.unsqueeze(0)).abs().max().item<double>(), 1e-6);
}

}  // namespace
}  // namespace duovox::testing
