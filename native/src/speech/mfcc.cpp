// See mfcc.h. Per frame: mean removal, pre-emphasis, Povey window, power spectrum, 23 HTK mel
// bands, logarithm, orthonormal DCT, liftering; then regression deltas over five frames with the
// edges repeated.
#include "speech/mfcc.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>

namespace duovox {
namespace {

constexpr int64_t kRate = 16000;
constexpr int64_t kWindow = 400;
constexpr int64_t kHop = 160;
constexpr int64_t kFft = 512;
constexpr int64_t kBands = 23;
constexpr int64_t kCepstra = 13;
constexpr double kLowHz = 20;
constexpr double kEmphasis = 0.97;
constexpr double kPoveyPower = 0.85;
constexpr double kLifter = 22;
constexpr double kSmallest = 1.1920928955078125e-07;  // float32's epsilon, Kaldi's floor
constexpr int64_t kFramesAtOnce = 4096;

double htk_mel(double hz) { return 1127 * std::log(1 + hz / 700); }

/// (fft / 2 + 1, bands); triangles in mel, height 1; the Nyquist bin is left out, as Kaldi does.
at::Tensor mel_triangles() {
  const double low = htk_mel(kLowHz);
  const double step = (htk_mel(kRate / 2.0) - low) / (kBands + 1);
  at::Tensor filters = at::zeros({kFft / 2 + 1, kBands}, at::kDouble);
  auto weights = filters.accessor<double, 2>();
  for (int64_t bin = 0; bin < kFft / 2; ++bin) {
    const double mel = htk_mel(static_cast<double>(bin * kRate) / kFft);
    for (int64_t band = 0; band < kBands; ++band) {
      const double left = low + static_cast<double>(band) * step;
      weights[bin][band] =
          std::max(0.0, std::min((mel - left) / step, (left + 2 * step - mel) / step));
    }
  }
  return filters;
}

/// Orthonormal type-II DCT and lifter in one: (bands, cepstra).
at::Tensor cepstral_transform() {
  const double pi = std::acos(-1.0);
  at::Tensor matrix = at::empty({kBands, kCepstra}, at::kDouble);
  auto weights = matrix.accessor<double, 2>();
  for (int64_t band = 0; band < kBands; ++band) {
    for (int64_t c = 0; c < kCepstra; ++c) {
      const auto order = static_cast<double>(c);
      const double norm = std::sqrt((c == 0 ? 1.0 : 2.0) / kBands);
      const double lifter = 1 + kLifter / 2 * std::sin(pi * order / kLifter);
      weights[band][c] =
          norm * lifter * std::cos(pi / kBands * (static_cast<double>(band) + 0.5) * order);
    }
  }
  return matrix;
}

/// Windows (frames, 400) of the raw signal to cepstra (frames, 13).
at::Tensor cepstra(const at::Tensor& windows) {
  const at::Tensor centered = windows - windows.mean(1, true);
  const at::Tensor before =
      at::cat({centered.slice(1, 0, 1), centered.slice(1, 0, kWindow - 1)}, 1);
  const at::Tensor povey =
      at::hann_window(kWindow, /*periodic=*/false, at::kDouble).pow(kPoveyPower);
  const at::Tensor spectrum =
      at::view_as_real(at::fft_rfft((centered - kEmphasis * before) * povey, kFft));
  const at::Tensor power = spectrum.square().sum(-1);  // (frames, bins)
  const at::Tensor logs = at::matmul(power, mel_triangles()).clamp_min_(kSmallest).log_();
  return at::matmul(logs, cepstral_transform());
}

/// Slope of each coefficient over five frames: x (frames, n) to (frames, n).
at::Tensor deltas(const at::Tensor& x) {
  const int64_t last = x.size(0) - 1;
  const at::Tensor at = at::arange(last + 1, at::kLong);
  const auto shifted = [&](int64_t by) { return x.index_select(0, (at + by).clamp(0, last)); };
  return (2 * (shifted(2) - shifted(-2)) + shifted(1) - shifted(-1)) / 10.0;
}

}  // namespace

int64_t mfcc_frames(int64_t samples) {
  return samples < kWindow ? 0 : 1 + (samples - kWindow) / kHop;
}

void mfcc(const float* samples, int64_t count, float* out) {
  const int64_t frames = mfcc_frames(count);
  if (frames == 0) return;
  // from_blob takes no const pointer; the samples are only read.
  const at::Tensor wave = at::from_blob(const_cast<float*>(samples), {count}, at::kFloat);
  const at::Tensor windows = wave.as_strided({frames, kWindow}, {kHop, 1});
  at::Tensor base = at::empty({frames, kCepstra}, at::kDouble);
  for (int64_t from = 0; from < frames; from += kFramesAtOnce) {
    const int64_t to = std::min(frames, from + kFramesAtOnce);
    base.slice(0, from, to).copy_(cepstra(windows.slice(0, from, to).to(at::kDouble)));
  }
  const at::Tensor slope = deltas(base);
  at::from_blob(out, {frames, kMfccWidth}, at::kFloat)
      .copy_(at::cat({base, slope, deltas(slope)}, 1));
}

}  // namespace duovox
