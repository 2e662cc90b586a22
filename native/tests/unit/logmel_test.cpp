// Log-mel features against values computed from the definition by another program
// (logmel_golden.py).
#include "speech/logmel.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <vector>

#include "error.h"
#include "logmel_golden.h"
#include "speech/mel_filter.h"

namespace duovox {
namespace {

std::vector<float> signal(int count) {
  std::vector<float> samples;
  uint64_t state = 12345;
  for (int i = 0; i < count; ++i) {
    state = (state * 1103515245 + 12345) % (uint64_t{1} << 31);
    const double noise = static_cast<double>(state) / (1LL << 31) - 0.5;
    samples.push_back(static_cast<float>(0.3 * std::sin(0.05 * i) +
                                         0.2 * std::sin(0.00002 * i * i) + 0.1 * noise));
  }
  return samples;
}

std::vector<float> features(const duovox_logmel_config& config, const std::vector<float>& samples) {
  const auto count = static_cast<int64_t>(samples.size());
  std::vector<float> out(logmel_frames(config, count) * config.bands);
  logmel(config, samples.data(), count, out.data());
  return out;
}

TEST(LogMel, EqualsTheDefinitionWithDefaults) {
  const auto out = features(default_logmel_config(), signal(4000));
  ASSERT_EQ(out.size(), kUsualFrames * 80U);
  for (int band = 0; band < 80; ++band) {
    EXPECT_NEAR(out[band], kUsualFirst[band], 1e-4) << "band " << band;
    EXPECT_NEAR(out[(kUsualFrames - 1) * 80 + band], kUsualLast[band], 1e-4) << "band " << band;
  }
}

TEST(LogMel, EqualsTheDefinitionWithOtherSettings) {
  duovox_logmel_config config = default_logmel_config();
  config.sample_rate = 8000;
  config.window = 200;
  config.hop = 100;
  config.fft = 256;
  config.bands = 20;
  config.low_hz = 0;
  config.high_hz = 3800;
  config.floor = 1e-3;
  const auto out = features(config, signal(700));
  ASSERT_EQ(out.size(), std::size(kOther));
  for (size_t i = 0; i < out.size(); ++i) EXPECT_NEAR(out[i], kOther[i], 1e-4) << i;
}

TEST(LogMel, LongInputDoesNotDependOnTheChunks) {
  // 4,096 frames are computed at once: the frames around the border equal those of an input cut
  // there.
  const duovox_logmel_config config = default_logmel_config();
  const auto samples = signal(4100 * 160 + 400);
  const auto whole = features(config, samples);
  const auto tail = features(config, {samples.begin() + 4090 * 160, samples.end()});
  for (size_t i = 0; i < tail.size(); ++i) ASSERT_NEAR(whole[4090 * 80 + i], tail[i], 1e-5) << i;
}

TEST(LogMel, CountsWholeWindows) {
  const duovox_logmel_config config = default_logmel_config();
  EXPECT_EQ(logmel_frames(config, 0), 0);
  EXPECT_EQ(logmel_frames(config, 399), 0);
  EXPECT_EQ(logmel_frames(config, 400), 1);
  EXPECT_EQ(logmel_frames(config, 559), 1);
  EXPECT_EQ(logmel_frames(config, 560), 2);
}

TEST(LogMel, SilenceIsTheLogOfTheFloor) {
  const auto out = features(default_logmel_config(), std::vector<float>(400));
  for (const float value : out) EXPECT_NEAR(value, std::log(1e-6), 1e-4);
}

TEST(MelScale, InvertsItself) {
  EXPECT_NEAR(hz_to_mel(1000), 15, 1e-12);
  for (const double hz : {0.0, 20.0, 999.0, 1000.0, 4000.0, 8000.0}) {
    EXPECT_NEAR(mel_to_hz(hz_to_mel(hz)), hz, 1e-9);
  }
}

}  // namespace
}  // namespace duovox
