// See logmel.h. Windows, power spectrum, mel filters, natural logarithm, for a few thousand frames
// at a time to bound memory.
#include "speech/logmel.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>

#include "error.h"
#include "speech/mel_filter.h"

namespace duovox {
namespace {

constexpr int64_t kFramesAtOnce = 4096;

}  // namespace

duovox_logmel_config default_logmel_config() {
  duovox_logmel_config config{};
  config.sample_rate = 16000;
  config.window = 400;
  config.hop = 160;
  config.fft = 512;
  config.bands = 80;
  config.low_hz = 20;
  config.high_hz = 8000;
  config.floor = 1e-6;
  return config;
}

void check(const duovox_logmel_config& config) {
  require_range("config.sample_rate", config.sample_rate, 1, 1'000'000);
  require_range("config.window", config.window, 1, 1 << 20);
  require_range("config.hop", config.hop, 1, 1 << 20);
  require_range("config.fft", config.fft, config.window, 1 << 20);
  require_range("config.bands", config.bands, 1, 4096);
  require_range("config.reserved", config.reserved, 0, 0);
  require_range("config.high_hz", config.high_hz, 0, config.sample_rate / 2.0);
  require(config.low_hz >= 0 && config.low_hz < config.high_hz, "config.low_hz = ", config.low_hz,
          ", must be at least 0 and below config.high_hz = ", config.high_hz);
  require(config.floor > 0 && config.floor <= 1, "config.floor = ", config.floor,
          ", must be above 0 and at most 1");
}

int64_t logmel_frames(const duovox_logmel_config& config, int64_t samples) {
  return samples < config.window ? 0 : 1 + (samples - config.window) / config.hop;
}

void logmel(const duovox_logmel_config& config, const float* samples, int64_t count, float* out) {
  const at::NoGradGuard no_grad;
  const int64_t frames = logmel_frames(config, count);
  if (frames == 0) return;
  const at::Tensor window = at::hann_window(config.window, at::kFloat);
  const at::Tensor filters =
      mel_filters(config.sample_rate, config.fft, config.bands, config.low_hz, config.high_hz);
  // from_blob takes no const pointer; the samples are only read.
  const at::Tensor wave = at::from_blob(const_cast<float*>(samples), {count}, at::kFloat);
  const at::Tensor windows = wave.as_strided({frames, config.window}, {config.hop, 1});
  at::Tensor result = at::from_blob(out, {frames, config.bands}, at::kFloat);
  for (int64_t start = 0; start < frames; start += kFramesAtOnce) {
    const int64_t end = std::min(frames, start + kFramesAtOnce);
    const at::Tensor spectrum = at::view_as_real(
        at::fft_rfft(windows.slice(0, start, end) * window, config.fft, -1));  // (frames, bins, 2)
    const at::Tensor power = spectrum.square().sum(-1);
    at::Tensor part = result.slice(0, start, end);
    part.copy_(at::matmul(power, filters).add_(config.floor).log_());
  }
}

}  // namespace duovox
