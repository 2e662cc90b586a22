// Models and rings through the header.
#include <cmath>
#include <set>

#include "support.h"

namespace duovox::testing {
namespace {

TEST(ModelCalls, ParametersHaveNamesShapesAndValues) {
  const Example example;
  int32_t count = 0;
  expect_ok(duovox_model_parameters(example.model.get(), &count));
  std::set<std::string> names;
  for (int32_t i = 0; i < count; ++i) {
    duovox_parameter_info info;
    expect_ok(duovox_model_parameter(example.model.get(), i, &info));
    EXPECT_TRUE(names.insert(info.name).second) << info.name;
    int64_t elements = 1;
    for (int32_t d = 0; d < info.rank; ++d) elements *= info.shape[d];
    EXPECT_EQ(elements, info.elements) << info.name;
    EXPECT_EQ(info.trainable, std::string(info.name) != "contextual.codebook");
    Guarded values(info.elements);
    expect_ok(duovox_model_read(example.model.get(), i, values.data(), info.elements));
    EXPECT_TRUE(values.intact());
  }
  EXPECT_TRUE(names.count("contextual.layer.1.attention.qkv.weight"));
  EXPECT_TRUE(names.count("heads.classification.output.bias"));
}

TEST(ModelCalls, WritesAndReadsBack) {
  const Example example;
  const int32_t index = example.index_of("interaction.0.convolution.bias");
  std::vector<float> values(16), back(16);
  for (int i = 0; i < 16; ++i) values[i] = static_cast<float>(i) / 7;
  expect_ok(duovox_model_write(example.model.get(), index, values.data(), 16));
  expect_ok(duovox_model_read(example.model.get(), index, back.data(), 16));
  EXPECT_EQ(values, back);
  expect_failure(
      duovox_model_write(example.model.get(), index, values.data(), 15), DUOVOX_INVALID_ARGUMENT,
      "duovox_model_write: count = 15, must be 16, the elements of interaction.0.convolution.bias");
  expect_failure_with(duovox_model_write(example.model.get(), index, nullptr, 16),
                      DUOVOX_INVALID_ARGUMENT, "values is NULL");
  expect_failure_with(duovox_model_read(example.model.get(), index, nullptr, 16),
                      DUOVOX_INVALID_ARGUMENT, "values is NULL");
  expect_failure_with(duovox_model_read(example.model.get(), index, back.data(), 15),
                      DUOVOX_INVALID_ARGUMENT, "capacity = 15");
  values[3] = NAN;
  expect_failure_with(duovox_model_write(example.model.get(), index, values.data(), 16),
                      DUOVOX_INVALID_ARGUMENT, "interaction.0.convolution.bias[3] = nan");
}

TEST(ModelCalls, RefuseBadConfigurations) {
  const auto refused = [](auto change, const std::string& part,
                          duovox_status status = DUOVOX_INVALID_ARGUMENT) {
    duovox_model_config config = small_config();
    change(config);
    duovox_model* model = nullptr;
    expect_failure_with(duovox_model_create(&config, &model), status, part);
    EXPECT_EQ(model, nullptr);
  };
  using C = duovox_model_config;
  refused([](C& c) { c.kind = 3; }, "config.kind = 3, must be 0 to 2");
  refused([](C& c) { c.phonetic_pooling = -1; }, "config.phonetic_pooling = -1");
  refused([](C& c) { c.unit_embedding = 2; }, "config.unit_embedding = 2");
  refused([](C& c) { c.class_pooling = 3; }, "config.class_pooling = 3");
  refused([](C& c) { c.head_layout = 9; }, "config.head_layout = 9");
  refused([](C& c) { c.device = 2; }, "config.device = 2");
  refused([](C& c) { c.device = DUOVOX_CUDA; }, "duovox_cuda_load", DUOVOX_UNAVAILABLE);
  refused([](C& c) { c.head_width = -1; }, "config.head_width = -1");
  refused([](C& c) { c.head_specials = 2; }, "config.head_specials = 2");
  refused([](C& c) { c.shared_stacks = 2; }, "config.shared_stacks = 2");
  refused([](C& c) { c.interaction = 3; }, "config.interaction = 3, must be 0 to 2");
  refused([](C& c) { c.interaction_activation = -1; }, "config.interaction_activation = -1");
  refused([](C& c) { c.interaction_split = 2; }, "config.interaction_split = 2");
  refused([](C& c) { c.interaction_bias = 2; }, "config.interaction_bias = 2");
  refused([](C& c) { c.type_embeddings = 2; }, "config.type_embeddings = 2, must be 0 to 1");
  refused([](C& c) { c.kind = DUOVOX_JOINT, c.type_embeddings = 1; },
          "config.type_embeddings = 1, must be 2");
  refused([](C& c) { c.kind = DUOVOX_JOINT, c.phonetic_codes = 0; }, "config.phonetic_codes = 0");
  refused([](C& c) { c.precision = 3; }, "config.precision = 3, must be 0 to 2");
  refused([](C& c) { c.precision = DUOVOX_FP16; },
          "config.precision = 2 (fp16) needs config.device = 1");
  refused([](C& c) { c.layers = 0; }, "config.layers = 0");
  refused([](C& c) { c.hidden = 10; }, "config.hidden = 10, must be a multiple of 4");
  refused([](C& c) { c.heads = 3; }, "config.heads = 3");
  refused([](C& c) { c.feed_forward = 0; }, "config.feed_forward = 0");
  refused([](C& c) { c.max_positions = 1; }, "config.max_positions = 1");
  refused([](C& c) { c.contextual_codes = 0; }, "config.contextual_codes = 0");
  refused([](C& c) { c.phonetic_codes = 0; }, "config.phonetic_codes = 0");
  refused([](C& c) { c.phonetic_embedding = 0; }, "config.phonetic_embedding = 0");
  refused([](C& c) { c.phonetic_width = 3; }, "config.phonetic_width = 3, must be 0 to 0");
  refused([](C& c) { c.unit_embedding = DUOVOX_EMBED_CODEBOOK; }, "config.phonetic_width = 0");
  refused([](C& c) { c.kind = DUOVOX_SINGLE; }, "config.phonetic_codes = 3, must be 0 to 0");
  refused([](C& c) { c.representation_width = -1; }, "config.representation_width = -1");
  refused([](C& c) { c.classes = -1; }, "config.classes = -1");
  refused([](C& c) { c.dropout = 1; }, "config.dropout = 1");
  refused([](C& c) { c.dropout = NAN; }, "config.dropout = nan");
  refused([](C& c) { c.layer_norm_epsilon = 0; }, "config.layer_norm_epsilon = 0");
}

TEST(ModelCalls, RefuseNullsAndBadIndices) {
  const Example example;
  duovox_model* model = example.model.get();
  const duovox_model_config config = small_config();
  duovox_parameter_info info;
  int32_t count = 0;
  float value = 0;
  expect_failure(duovox_model_config_init(nullptr), DUOVOX_INVALID_ARGUMENT,
                 "duovox_model_config_init: config is NULL");
  expect_failure(duovox_model_create(&config, nullptr), DUOVOX_INVALID_ARGUMENT,
                 "duovox_model_create: out is NULL");
  expect_failure(duovox_model_parameters(nullptr, &count), DUOVOX_INVALID_ARGUMENT,
                 "duovox_model_parameters: model is NULL");
  expect_failure(duovox_model_parameters(model, nullptr), DUOVOX_INVALID_ARGUMENT,
                 "duovox_model_parameters: count is NULL");
  expect_failure(duovox_model_parameter(nullptr, 0, &info), DUOVOX_INVALID_ARGUMENT,
                 "duovox_model_parameter: model is NULL");
  expect_failure(duovox_model_parameter(model, 0, nullptr), DUOVOX_INVALID_ARGUMENT,
                 "duovox_model_parameter: info is NULL");
  expect_failure_with(duovox_model_parameter(model, -1, &info), DUOVOX_INVALID_ARGUMENT,
                      "index = -1, must be 0 to ");
  expect_failure_with(duovox_model_parameter(model, 10000, &info), DUOVOX_INVALID_ARGUMENT,
                      "index = 10000");
  expect_failure(duovox_model_read(nullptr, 0, &value, 1), DUOVOX_INVALID_ARGUMENT,
                 "duovox_model_read: model is NULL");
  expect_failure(duovox_model_write(nullptr, 0, &value, 1), DUOVOX_INVALID_ARGUMENT,
                 "duovox_model_write: model is NULL");
}

TEST(ModelCalls, EncodeGivesEachLayerAndChannel) {
  const Example e;
  Guarded both(2 * 4 * 16), one(2 * 4 * 8), input(2 * 4 * 8);
  expect_ok(duovox_model_encode(e.model.get(), e.ring.get(), &e.shape, -1, DUOVOX_BOTH, both.data(),
                                128));
  expect_ok(duovox_model_encode(e.model.get(), e.ring.get(), &e.shape, 2, DUOVOX_PHONETIC,
                                one.data(), 64));
  expect_ok(duovox_model_encode(e.model.get(), e.ring.get(), &e.shape, 0, DUOVOX_CONTEXTUAL,
                                input.data(), 64));
  EXPECT_TRUE(both.intact() && one.intact() && input.intact());
  for (int row = 0; row < 8; ++row) {
    for (int j = 0; j < 8; ++j) EXPECT_EQ(both[row * 16 + 8 + j], one[row * 8 + j]);
  }
  for (int j = 0; j < 16; ++j) EXPECT_EQ(both[7 * 16 + j], 0) << "padding of the second row";
  EXPECT_NE(input[0], one[0]);
}

TEST(ModelCalls, EncodeChecksItsArguments) {
  const Example e;
  std::vector<float> out(128);
  const auto encode = [&](int32_t layer, int32_t channel, int64_t capacity) {
    return duovox_model_encode(e.model.get(), e.ring.get(), &e.shape, layer, channel, out.data(),
                               capacity);
  };
  expect_failure_with(encode(3, 0, 128), DUOVOX_INVALID_ARGUMENT, "layer = 3, must be -1 to 2");
  expect_failure_with(encode(-2, 0, 128), DUOVOX_INVALID_ARGUMENT, "layer = -2");
  expect_failure_with(encode(0, 3, 128), DUOVOX_INVALID_ARGUMENT, "channel = 3, must be 0 to 2");
  expect_failure_with(encode(0, 2, 127), DUOVOX_INVALID_ARGUMENT,
                      "capacity = 127, must be at least 128");
  float* o = out.data();
  expect_failure_with(duovox_model_encode(nullptr, e.ring.get(), &e.shape, 0, 0, o, 128),
                      DUOVOX_INVALID_ARGUMENT, "model is NULL");
  expect_failure_with(duovox_model_encode(e.model.get(), nullptr, &e.shape, 0, 0, o, 128),
                      DUOVOX_INVALID_ARGUMENT, "ring is NULL");
  expect_failure_with(duovox_model_encode(e.model.get(), e.ring.get(), nullptr, 0, 0, o, 128),
                      DUOVOX_INVALID_ARGUMENT, "shape is NULL");
  expect_failure_with(
      duovox_model_encode(e.model.get(), e.ring.get(), &e.shape, 0, 0, nullptr, 128),
      DUOVOX_INVALID_ARGUMENT, "out is NULL");
  const Example single(single_config());
  expect_ok(
      duovox_model_encode(single.model.get(), single.ring.get(), &single.shape, -1, 0, o, 64));
  expect_failure_with(
      duovox_model_encode(single.model.get(), single.ring.get(), &single.shape, -1, 1, o, 128),
      DUOVOX_INVALID_ARGUMENT, "channel = 1, must be 0 to 0");
}

TEST(ModelCalls, ClassifyScoresEveryRow) {
  const Example e;
  Guarded logits(4);
  expect_ok(duovox_model_classify(e.model.get(), e.ring.get(), &e.shape, logits.data(), 4));
  EXPECT_TRUE(logits.intact() && std::isfinite(logits[3]));
  e.batch.labels[0] = 77;  // labels are not read here
  expect_ok(duovox_model_classify(e.model.get(), e.ring.get(), &e.shape, logits.data(), 4));
  expect_failure_with(
      duovox_model_classify(e.model.get(), e.ring.get(), &e.shape, logits.data(), 3),
      DUOVOX_INVALID_ARGUMENT, "capacity = 3");
  expect_failure_with(duovox_model_classify(nullptr, e.ring.get(), &e.shape, logits.data(), 4),
                      DUOVOX_INVALID_ARGUMENT, "model is NULL");
  expect_failure_with(duovox_model_classify(e.model.get(), e.ring.get(), &e.shape, nullptr, 4),
                      DUOVOX_INVALID_ARGUMENT, "logits is NULL");
  duovox_model_config config = small_config();
  config.classes = 0;
  const Example without(config);
  expect_failure_with(duovox_model_classify(without.model.get(), without.ring.get(), &without.shape,
                                            logits.data(), 4),
                      DUOVOX_INVALID_STATE, "no classes");
}

TEST(RingCalls, CheckConfigurationAndSlot) {
  duovox_ring_config config{0, 1, 1, 1, 0, 0};
  duovox_ring* made = nullptr;
  expect_failure(duovox_ring_create(&config, &made), DUOVOX_INVALID_ARGUMENT,
                 "duovox_ring_create: config.slots = 0, must be 1 to 64");
  config = {1, 0, 1, 1, 0, 0};
  expect_failure_with(duovox_ring_create(&config, &made), DUOVOX_INVALID_ARGUMENT,
                      "config.rows = 0");
  config = {1, 1, 0, 1, 0, 0};
  expect_failure_with(duovox_ring_create(&config, &made), DUOVOX_INVALID_ARGUMENT,
                      "config.tokens = 0");
  config = {1, 1, 1, -1, 0, 0};
  expect_failure_with(duovox_ring_create(&config, &made), DUOVOX_INVALID_ARGUMENT,
                      "config.phonetic_units = -1");
  config = {1, 1, 1, 1, 5, 0};
  expect_failure_with(duovox_ring_create(&config, &made), DUOVOX_INVALID_ARGUMENT,
                      "config.device = 5");
  config = {1, 1, 1, 1, DUOVOX_CUDA, 0};
  expect_failure_with(duovox_ring_create(&config, &made), DUOVOX_UNAVAILABLE, "duovox_cuda_load");
  expect_failure_with(duovox_ring_create(nullptr, &made), DUOVOX_INVALID_ARGUMENT,
                      "config is NULL");
  expect_failure_with(duovox_ring_create(&config, nullptr), DUOVOX_INVALID_ARGUMENT, "out is NULL");
  const Ring ring = make_ring();
  duovox_batch batch;
  expect_ok(duovox_ring_slot(ring.get(), 1, &batch));
  expect_failure_with(duovox_ring_slot(ring.get(), 2, &batch), DUOVOX_INVALID_ARGUMENT,
                      "slot = 2, must be 0 to 1");
  expect_failure_with(duovox_ring_slot(nullptr, 0, &batch), DUOVOX_INVALID_ARGUMENT,
                      "ring is NULL");
  expect_failure_with(duovox_ring_slot(ring.get(), 0, nullptr), DUOVOX_INVALID_ARGUMENT,
                      "out is NULL");
}

}  // namespace
}  // namespace duovox::testing
