// Mean removal, pre-emphasis, power spectrum of symmetric Hamming windows, Slaney mel bands,
// decibels. In float64: the floor 80 dB below the maximum leaves little to rounding.
#include "speech/decibel_mel.h"

#include <algorithm>
#include <vector>

#include "speech/mel_filter.h"

namespace duovox {
namespace {

constexpr int64_t kWindow = 400;
constexpr double kEmphasis = 0.97;
constexpr double kSmallest = 1e-10;
constexpr double kRange = 80;
constexpr int64_t kFramesAtOnce = 4096;

/// Maps an index to one within a signal of that many samples, mirrored repeatedly at both ends.
int64_t mirrored(int64_t index, int64_t samples) {
  if (samples == 1) return 0;
  const int64_t period = 2 * (samples - 1);
  const int64_t at = ((index % period) + period) % period;
  return at < samples ? at : period - at;
}

/// Pads by half a window at each end.
at::Tensor padded(const at::Tensor& wave, bool zeros) {
  constexpr int64_t kHalf = kWindow / 2;
  if (zeros) return at::constant_pad_nd(wave, {kHalf, kHalf});
  const int64_t samples = wave.size(0);
  const auto* x = wave.const_data_ptr<double>();
  std::vector<double> edges(2 * kHalf);
  for (int64_t i = 0; i < kHalf; ++i) {
    edges[i] = x[mirrored(i - kHalf, samples)];
    edges[kHalf + i] = x[mirrored(samples + i, samples)];
  }
  const at::Tensor both = at::tensor(edges, at::kDouble);
  return at::cat({both.slice(0, 0, kHalf), wave, both.slice(0, kHalf)});
}

at::Tensor emphasized(const at::Tensor& wave) {
  const at::Tensor centered = wave.to(at::kDouble) - wave.to(at::kDouble).mean();
  at::Tensor result = centered.clone();
  result.slice(0, 1).sub_(centered.slice(0, 0, -1), kEmphasis);
  return result;
}

}  // namespace

int64_t decibel_mel_frames(int64_t samples) {
  return samples <= 0 ? 0 : 1 + samples / kDecibelMelHop;
}

at::Tensor decibel_mel(const at::Tensor& wave, bool zero_padding) {
  const int64_t frames = decibel_mel_frames(wave.size(0));
  const at::Tensor signal = padded(emphasized(wave), zero_padding);
  const at::Tensor windows = signal.as_strided({frames, kWindow}, {kDecibelMelHop, 1});
  const at::Tensor window = at::hamming_window(kWindow, /*periodic=*/false, at::kDouble);
  const at::Tensor filters =
      mel_filters(16000, kWindow, kDecibelMelBands, 20, 8000).to(at::kDouble);
  at::Tensor power = at::empty({frames, kDecibelMelBands}, at::kDouble);
  for (int64_t from = 0; from < frames; from += kFramesAtOnce) {
    const int64_t to = std::min(frames, from + kFramesAtOnce);
    const at::Tensor spectrum =
        at::view_as_real(at::fft_rfft(windows.slice(0, from, to) * window));  // (frames, bins, 2)
    power.slice(0, from, to).copy_(at::matmul(spectrum.square().sum(-1), filters));
  }
  const at::Tensor decibels = power.clamp_min_(kSmallest).log10_().mul_(10);
  const at::Tensor loudest = decibels.max();
  return decibels.sub_(loudest).clamp_min_(-kRange).to(at::kFloat);
}

}  // namespace duovox
