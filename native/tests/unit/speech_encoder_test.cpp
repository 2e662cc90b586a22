// The parts of speech encoders against plain implementations of the same computation.
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "speech/conv_features.h"
#include "speech/decibel_mel.h"
#include "speech/encoder.h"
#include "speech/frame_conv.h"
#include "speech/mfcc.h"
#include "speech/relative_position.h"

namespace duovox {
namespace {

void expect_close(const at::Tensor& actual, const at::Tensor& expected, double tolerance) {
  ASSERT_EQ(actual.sizes(), expected.sizes());
  EXPECT_LE((actual - expected).abs().max().item<double>(), tolerance);
}

at::Tensor noise(at::IntArrayRef shape) { return at::randn(shape, at::kFloat); }

TEST(FrameConv, EqualsConvolution) {
  at::manual_seed(1);
  struct Case {
    int64_t in, out, kernel, stride;
  };
  for (const Case& c : std::vector<Case>{
           {1, 7, 10, 5}, {5, 4, 3, 2}, {5, 4, 2, 2}, {3, 6, 8, 4}, {4, 4, 5, 2}, {2, 3, 1, 1}}) {
    const at::Tensor weight = noise({c.out, c.in, c.kernel}), bias = noise({c.out});
    const at::Tensor x = noise({53, c.in});
    for (const at::Tensor& b : {bias, at::Tensor()}) {
      const FrameConv conv(weight, b, c.stride);
      at::Tensor out = at::empty({conv.frames(53), c.out}, at::kFloat);
      conv(x, out);
      expect_close(out, at::conv1d(x.t().unsqueeze(0), weight, b, c.stride)[0].t(), 1e-5);
    }
  }
}

duovox_encoder_config conv_config(int32_t norm, int32_t bias) {
  duovox_encoder_config c = default_encoder_config(DUOVOX_WAV2VEC2);
  c.conv_layers = 4;
  std::fill_n(c.conv_width, 4, 6);
  c.conv_norm = norm;
  c.conv_bias = bias;
  return c;
}

class ConvFeaturesAgainstPlain
    : public ::testing::TestWithParam<std::tuple<int32_t, int32_t, int64_t>> {};

/// The stack as the papers write it: channels first, whole utterance, one norm after the other.
TEST_P(ConvFeaturesAgainstPlain, AreEqual) {
  at::manual_seed(2);
  const auto [norm, bias, samples] = GetParam();
  const duovox_encoder_config c = conv_config(norm, bias);
  Weights weights(at::kCPU);
  ConvFeatures features(c, weights);
  std::vector<at::Tensor> values;
  for (size_t i = 0; i < weights.all().size(); ++i) {
    values.push_back(noise(weights.all()[i].shape));
    weights.write(i, values.back().const_data_ptr<float>());
  }
  features.prepare(weights);
  const at::Tensor wave = noise({samples});
  at::Tensor x = wave.view({1, 1, -1});
  size_t next = 0;
  for (int64_t i = 0; i < c.conv_layers; ++i) {
    const at::Tensor weight = values[next++];
    const at::Tensor shift = bias != 0 ? values[next++] : at::Tensor();
    x = at::conv1d(x, weight, shift, c.conv_stride[i]);
    if (norm == DUOVOX_LAYER_NORM) {
      x = at::layer_norm(x.transpose(1, 2), {6}, values[next], values[next + 1]).transpose(1, 2);
      next += 2;
    } else if (i == 0) {
      x = at::group_norm(x, 6, values[next], values[next + 1]);
      next += 2;
    }
    x = at::gelu(x);
  }
  const at::Tensor actual = features(wave);
  EXPECT_EQ(actual.size(0), features.frames(samples));
  expect_close(actual, x[0].t(), 1e-4 * x.abs().max().item<double>());
}

// 40 samples a frame: from one frame to several stretches.
INSTANTIATE_TEST_SUITE_P(Cases, ConvFeaturesAgainstPlain,
                         ::testing::Combine(::testing::Values(DUOVOX_GROUP_NORM, DUOVOX_LAYER_NORM),
                                            ::testing::Values(0, 1),
                                            ::testing::Values<int64_t>(80, 131, 40 * 33 + 79,
                                                                       40 * 100)));

TEST(ConvFeatures, CountFramesAsPublished) {
  Weights weights(at::kCPU);
  const ConvFeatures features(default_encoder_config(DUOVOX_WAV2VEC2), weights);
  EXPECT_EQ(features.receptive_field(), 400);
  EXPECT_EQ(features.stride(), 320);
  EXPECT_EQ(features.frames(399), 0);
  for (int64_t n = 400; n < 3000; ++n) ASSERT_EQ(features.frames(n), (n - 80) / 320) << n;
}

TEST(RelativePosition, BucketsAreExactThenLogarithmic) {
  constexpr int64_t kFrames = 1200, kBuckets = 320, kDistance = 800;
  const at::Tensor actual = relative_buckets(kFrames, kBuckets, kDistance);
  for (int64_t d = -(kFrames - 1); d < kFrames; ++d) {
    const int64_t size = std::abs(d);
    const double far = 80 + std::log(size / 80.0) / std::log(800.0 / 80) * 80;
    const int64_t bucket = size < 80 ? size : std::min<int64_t>(159, static_cast<int64_t>(far));
    const int64_t value = actual[d + kFrames - 1].item<int64_t>();
    // A border that float32 and float64 see on different sides may be off by one.
    ASSERT_LE(std::abs(value - (d > 0 ? 160 : 0) - bucket), size < 80 ? 0 : 1) << d;
  }
}

TEST(RelativePosition, AttentionAddsTheGatedBias) {
  at::manual_seed(3);
  constexpr int64_t kHeads = 3, kFrames = 17, kWidth = 4;
  const at::Tensor q = noise({kHeads, kFrames, kWidth}), k = noise({kHeads, kFrames, kWidth});
  const at::Tensor v = noise({kHeads, kFrames, kWidth}), gate = noise({kHeads, kFrames});
  const at::Tensor bias = noise({kHeads, 2 * kFrames - 1});
  const at::Tensor at = at::arange(kFrames);
  const at::Tensor index = at.unsqueeze(0) - at.unsqueeze(1) + kFrames - 1;  // key - query
  const at::Tensor full = bias.index_select(1, index.flatten()).view({kHeads, kFrames, kFrames});
  const at::Tensor scores =
      at::matmul(q, k.transpose(1, 2)) / std::sqrt(4.0) + full * gate.unsqueeze(2);
  expect_close(attend_with_bias(q, k, v, bias, gate), at::matmul(at::softmax(scores, -1), v), 1e-5);
}

TEST(DecibelMel, LiesWithinItsRangeAndMirrorsItsEnds) {
  at::manual_seed(4);
  const at::Tensor wave = noise({1601});
  const at::Tensor mirrored = decibel_mel(wave, false), zeros = decibel_mel(wave, true);
  EXPECT_EQ(mirrored.size(0), 11);
  EXPECT_EQ(mirrored.max().item<float>(), 0);
  EXPECT_GE(mirrored.min().item<float>(), -80);
  // Only windows that reach beyond an end differ: the first two and the last two.
  const at::Tensor differs = (mirrored - zeros).abs().amax(1) > 1e-3;
  EXPECT_TRUE(differs[0].item<bool>());
  EXPECT_FALSE(differs.slice(0, 2, 9).any().item<bool>());
  for (const int64_t samples : {1, 2, 159, 160, 161}) {
    EXPECT_EQ(decibel_mel(noise({samples}), false).size(0), 1 + samples / 160);
  }
}

TEST(Mfcc, OfAConstantIsThatOfSilence) {
  const std::vector<float> constant(800, 0.25F);
  std::vector<float> out(mfcc_frames(800) * kMfccWidth);
  mfcc(constant.data(), 800, out.data());
  // The mean is removed, so every band lies at the floor: only the zeroth cepstrum remains.
  EXPECT_NEAR(out[0], std::sqrt(23.0) * std::log(1.1920928955078125e-07), 1e-3);
  for (size_t i = 1; i < out.size(); ++i) {
    if (i % kMfccWidth == 0) continue;
    ASSERT_NEAR(out[i], 0, 1e-3) << i;
  }
}

TEST(Mfcc, DeltasAreSlopes) {
  at::manual_seed(5);
  const at::Tensor wave = noise({400 + 160 * 9}) * 0.1;
  std::vector<float> out(10 * kMfccWidth);
  mfcc(wave.const_data_ptr<float>(), wave.numel(), out.data());
  const auto value = [&](int64_t frame, int64_t i) {
    return out[std::clamp<int64_t>(frame, 0, 9) * kMfccWidth + i];
  };
  for (int64_t frame = 0; frame < 10; ++frame) {
    for (int64_t i = 0; i < 26; ++i) {
      const float slope = (2 * (value(frame + 2, i) - value(frame - 2, i)) + value(frame + 1, i) -
                           value(frame - 1, i)) /
                          10;
      ASSERT_NEAR(value(frame, i + 13), slope, 1e-4) << frame << ' ' << i;
    }
  }
}

}  // namespace
}  // namespace duovox
