// Speech encoders through the header: creating, writing, sealing, encoding, and their messages.
#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>
#include <thread>

#include "support.h"

namespace duovox::testing {
namespace {

duovox_encoder_config small_config(int32_t family) {
  duovox_encoder_config c;
  expect_ok(duovox_encoder_config_init(family, &c));
  c.conv_layers = 3;
  std::fill_n(c.conv_width, 3, 6);
  c.hidden = 8;
  c.layers = 2;
  c.heads = 2;
  c.feed_forward = 12;
  c.position_kernel = 4;
  c.position_groups = 2;
  c.position_depth = 2;
  c.cpc_encoder = 6;
  c.cpc_context = 5;
  c.cpc_levels = 2;
  const std::vector<int32_t> widths{4, 5, 6, 5, 4};
  std::copy(widths.begin(), widths.end(), c.vq_width);
  c.vq_codes[1] = 7;
  c.vq_codes[2] = 9;
  return c;
}

Encoder make_encoder(const duovox_encoder_config& config) {
  duovox_encoder* encoder = nullptr;
  expect_ok(duovox_encoder_create(&config, &encoder));
  return Encoder(encoder);
}

/// Writes every tensor with smooth small values (positive where a square root follows) and seals.
Encoder filled(const duovox_encoder_config& config) {
  Encoder encoder = make_encoder(config);
  int32_t count = 0;
  expect_ok(duovox_encoder_parameters(encoder.get(), &count));
  for (int32_t i = 0; i < count; ++i) {
    duovox_parameter_info info;
    expect_ok(duovox_encoder_parameter(encoder.get(), i, &info));
    std::vector<float> values(info.elements);
    const bool positive = std::strstr(info.name, "running_var") != nullptr;
    for (size_t j = 0; j < values.size(); ++j) {
      const auto phase = static_cast<float>(j * 7 + i);
      values[j] = positive ? 1.0F : 0.5F * std::sin(phase);
    }
    expect_ok(duovox_encoder_write(encoder.get(), i, values.data(), info.elements));
  }
  expect_ok(duovox_encoder_seal(encoder.get()));
  return encoder;
}

std::vector<float> tone(int64_t samples, float frequency = 0.05F) {
  std::vector<float> wave(samples);
  for (int64_t i = 0; i < samples; ++i) {
    wave[i] = std::sin(frequency * static_cast<float>(i)) +
              0.3F * std::sin(0.31F * static_cast<float>(i));
  }
  return wave;
}

std::vector<int32_t> all_layers(duovox_encoder* encoder) {
  int32_t count = 0;
  expect_ok(duovox_encoder_layers(encoder, &count));
  std::vector<int32_t> layers(count);
  std::iota(layers.begin(), layers.end(), 0);
  return layers;
}

/// Frames of the layers, layer by layer, utterance by utterance.
std::vector<float> encode(duovox_encoder* encoder, const std::vector<std::vector<float>>& waves,
                          const std::vector<int32_t>& layers, int32_t chunking = DUOVOX_WHOLE,
                          int64_t chunk = 0) {
  std::vector<float> samples;
  std::vector<int64_t> lengths;
  int64_t capacity = 0;
  for (const auto& wave : waves) {
    samples.insert(samples.end(), wave.begin(), wave.end());
    lengths.push_back(static_cast<int64_t>(wave.size()));
    for (const int32_t layer : layers) {
      int64_t frames = 0;
      duovox_encoder_layer info;
      expect_ok(duovox_encoder_frames(encoder, layer, lengths.back(), chunking, chunk, &frames));
      expect_ok(duovox_encoder_describe(encoder, layer, &info));
      capacity += frames * info.width;
    }
  }
  std::vector<float> out(capacity + 1, -123.0F);
  const duovox_encode_request request{samples.data(),
                                      lengths.data(),
                                      layers.data(),
                                      static_cast<int32_t>(waves.size()),
                                      static_cast<int32_t>(layers.size()),
                                      chunking,
                                      0,
                                      chunk};
  expect_ok(duovox_encoder_encode(encoder, &request, out.data(), capacity));
  EXPECT_EQ(out.back(), -123.0F);
  out.pop_back();
  return out;
}

class EveryFamily : public ::testing::TestWithParam<int32_t> {};

TEST_P(EveryFamily, BatchedEqualsUnbatched) {
  const Encoder encoder = filled(small_config(GetParam()));
  const std::vector<std::vector<float>> waves{tone(3000), tone(1777, 0.2F), tone(4001, 0.11F)};
  for (const int32_t layer : all_layers(encoder.get())) {
    const std::vector<float> together = encode(encoder.get(), waves, {layer});
    size_t at = 0;
    for (const auto& wave : waves) {
      for (const float alone : encode(encoder.get(), {wave}, {layer})) {
        ASSERT_NEAR(together.at(at++), alone, 1e-5F) << "layer " << layer;
      }
    }
    EXPECT_EQ(at, together.size());
  }
}

TEST_P(EveryFamily, ALayerIsTheSameAloneAndAmongAll) {
  const Encoder encoder = filled(small_config(GetParam()));
  const auto layers = all_layers(encoder.get());
  const std::vector<float> all = encode(encoder.get(), {tone(3000)}, layers);
  size_t at = 0;
  for (const int32_t layer : layers) {
    for (const float alone : encode(encoder.get(), {tone(3000)}, {layer})) {
      ASSERT_EQ(all.at(at++), alone) << "layer " << layer;
    }
  }
}

TEST_P(EveryFamily, ManyThreadsMayEncodeAtOnce) {
  const Encoder encoder = filled(small_config(GetParam()));
  const auto layers = all_layers(encoder.get());
  const std::vector<float> expected = encode(encoder.get(), {tone(2500)}, layers);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] { EXPECT_EQ(encode(encoder.get(), {tone(2500)}, layers), expected); });
  }
  for (std::thread& thread : threads) thread.join();
}

INSTANTIATE_TEST_SUITE_P(Families, EveryFamily,
                         ::testing::Values(DUOVOX_WAV2VEC2, DUOVOX_CPC, DUOVOX_RESDAVENET_VQ));

TEST(EncoderApi, RefusesWhatIsNotReady) {
  const Encoder encoder = make_encoder(small_config(DUOVOX_CPC));
  const std::vector<float> wave = tone(1000);
  const int64_t length = 1000;
  const int32_t layer = 0;
  float out = 0;
  const duovox_encode_request request{wave.data(), &length, &layer, 1, 1, DUOVOX_WHOLE, 0, 0};
  expect_failure(duovox_encoder_encode(encoder.get(), &request, &out, 1), DUOVOX_INVALID_STATE,
                 "duovox_encoder_encode: the encoder is not sealed: write its tensors first");
  expect_failure(duovox_encoder_seal(encoder.get()), DUOVOX_INVALID_STATE,
                 "duovox_encoder_seal: tensor gEncoder.conv0.weight was not written");
}

TEST(EncoderApi, RefusesWeightsThatDoNotFit) {
  const Encoder encoder = make_encoder(small_config(DUOVOX_CPC));
  std::vector<float> values(60, 0.0F);
  expect_failure(duovox_encoder_write(encoder.get(), 0, values.data(), 59), DUOVOX_INVALID_ARGUMENT,
                 "duovox_encoder_write: count = 59, but gEncoder.conv0.weight has 60 elements");
  values[7] = std::numeric_limits<float>::quiet_NaN();
  expect_failure(duovox_encoder_write(encoder.get(), 0, values.data(), 60), DUOVOX_INVALID_ARGUMENT,
                 "duovox_encoder_write: gEncoder.conv0.weight[7] = nan, must be finite");
  expect_failure_with(duovox_encoder_write(encoder.get(), 999, values.data(), 60),
                      DUOVOX_INVALID_ARGUMENT, "index = 999");
  const Encoder sealed = filled(small_config(DUOVOX_CPC));
  values[7] = 0;
  expect_failure(duovox_encoder_write(sealed.get(), 0, values.data(), 60), DUOVOX_INVALID_STATE,
                 "duovox_encoder_write: the encoder is sealed");
}

TEST(EncoderApi, RefusesBadRequests) {
  const Encoder encoder = filled(small_config(DUOVOX_WAV2VEC2));
  const std::vector<float> wave = tone(200);
  const std::vector<int32_t> twice{1, 1};
  const int64_t length = 10, negative = -1, fits = 200;
  float out = 0;
  duovox_encode_request request{wave.data(), &length, twice.data(), 1, 1, DUOVOX_WHOLE, 0, 0};
  const auto expect = [&](const std::string& text) {
    expect_failure(duovox_encoder_encode(encoder.get(), &request, &out, 1), DUOVOX_INVALID_ARGUMENT,
                   "duovox_encoder_encode: " + text);
  };
  expect("utterance 0 of 10 samples is too short for extract_features");
  request.lengths = &negative;
  expect("request.lengths[0] = -1, must be at least 0");
  request.lengths = &fits;
  request.layer_count = 2;
  expect("request.layers holds 1 twice");
  request.layer_count = 1;
  expect("capacity = 1, must be at least " + std::to_string(((200 - 10) / 5 + 1 - 7) / 4 * 6 + 6));
  request.chunking = DUOVOX_CHUNK;
  expect("chunking = 1, must be 0 (whole): only CPC encoders cut audio themselves");
  request.samples = nullptr;
  expect("request.samples is NULL");
}

TEST(EncoderApi, RefusesImpossibleShapes) {
  duovox_encoder_config c = small_config(DUOVOX_WAV2VEC2);
  duovox_encoder* out = nullptr;
  c.heads = 3;
  expect_failure(
      duovox_encoder_create(&c, &out), DUOVOX_INVALID_ARGUMENT,
      "duovox_encoder_create: config.hidden = 8, must be a multiple of config.heads = 3");
  c = small_config(DUOVOX_WAV2VEC2);
  c.conv_stride[1] = 5;
  expect_failure_with(duovox_encoder_create(&c, &out), DUOVOX_INVALID_ARGUMENT,
                      "config.conv_stride = 5");
  c.family = 9;
  expect_failure_with(duovox_encoder_create(&c, &out), DUOVOX_INVALID_ARGUMENT,
                      "config.family = 9");
  expect_failure_with(duovox_encoder_config_init(3, &c), DUOVOX_INVALID_ARGUMENT, "family = 3");
  EXPECT_EQ(out, nullptr);
}

TEST(EncoderApi, CpcChunksAreThoseOfTheReference) {
  const Encoder encoder = filled(small_config(DUOVOX_CPC));
  const std::vector<float> wave = tone(2 * 1600 + 700);
  const auto piece = [&](int64_t from, int64_t to) {
    return std::vector<float>(wave.begin() + from, wave.begin() + to);
  };
  // Two whole pieces, then the last 1600 samples for the 4 frames that are missing.
  std::vector<float> expected = encode(encoder.get(), {piece(0, 1600)}, {2});
  for (const float value : encode(encoder.get(), {piece(1600, 3200)}, {2})) {
    expected.push_back(value);
  }
  const std::vector<float> tail = encode(encoder.get(), {piece(2300, 3900)}, {2});
  expected.insert(expected.end(), tail.end() - 4 * 5, tail.end());
  EXPECT_EQ(encode(encoder.get(), {wave}, {2}, DUOVOX_CHUNK, 1600), expected);
  const auto carried = encode(encoder.get(), {wave}, {2}, DUOVOX_CHUNK_CARRIED, 1600);
  EXPECT_EQ(carried.size(), expected.size());
  EXPECT_NE(carried, expected);
  EXPECT_TRUE(std::equal(carried.begin(), carried.begin() + 10 * 5, expected.begin()));
  int64_t frames = 0;
  expect_failure_with(duovox_encoder_frames(encoder.get(), 0, 1000, DUOVOX_CHUNK, 100, &frames),
                      DUOVOX_INVALID_ARGUMENT, "chunk = 100, must be a multiple of 160");
}

TEST(Mfcc, HasWholeWindowsOnly) {
  int64_t frames = -1;
  for (const auto& [samples, expected] : std::vector<std::pair<int64_t, int64_t>>{
           {0, 0}, {399, 0}, {400, 1}, {559, 1}, {560, 2}, {16000, 98}}) {
    expect_ok(duovox_mfcc_frames(samples, &frames));
    EXPECT_EQ(frames, expected) << samples;
  }
  std::vector<float> out(2 * 39 + 1, -123.0F);
  expect_ok(duovox_mfcc(tone(560).data(), 560, out.data(), 2 * 39));
  EXPECT_EQ(out.back(), -123.0F);
  expect_failure(duovox_mfcc(tone(560).data(), 560, out.data(), 77), DUOVOX_INVALID_ARGUMENT,
                 "duovox_mfcc: capacity = 77, must be at least 78");
}

}  // namespace
}  // namespace duovox::testing
