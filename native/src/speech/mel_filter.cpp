// Slaney's mel scale: linear below 1 kHz, logarithmic above (Auditory Toolbox, 1998).
#include "speech/mel_filter.h"

#include <cmath>
#include <vector>

namespace duovox {
namespace {

constexpr double kHzPerMel = 200.0 / 3;
constexpr double kBreakHz = 1000;
constexpr double kBreakMel = kBreakHz / kHzPerMel;
const double kLogStep = std::log(6.4) / 27;

}  // namespace

double hz_to_mel(double hz) {
  return hz < kBreakHz ? hz / kHzPerMel : kBreakMel + std::log(hz / kBreakHz) / kLogStep;
}

double mel_to_hz(double mel) {
  return mel < kBreakMel ? mel * kHzPerMel : kBreakHz * std::exp(kLogStep * (mel - kBreakMel));
}

at::Tensor mel_filters(int64_t sample_rate, int64_t fft, int64_t bands, double low_hz,
                       double high_hz) {
  const double low = hz_to_mel(low_hz);
  const double step = (hz_to_mel(high_hz) - low) / static_cast<double>(bands + 1);
  std::vector<double> edges;
  for (int64_t i = 0; i < bands + 2; ++i) {
    edges.push_back(mel_to_hz(low + step * static_cast<double>(i)));
  }
  const int64_t bins = fft / 2 + 1;
  at::Tensor filters = at::zeros({bins, bands}, at::kFloat);
  auto weights = filters.accessor<float, 2>();
  for (int64_t bin = 0; bin < bins; ++bin) {
    const double hz = static_cast<double>(bin * sample_rate) / static_cast<double>(fft);
    for (int64_t band = 0; band < bands; ++band) {
      const double left = edges[band], center = edges[band + 1], right = edges[band + 2];
      const double height =
          std::min((hz - left) / (center - left), (right - hz) / (right - center));
      weights[bin][band] = static_cast<float>(std::max(0.0, height) * 2 / (right - left));
    }
  }
  return filters;
}

}  // namespace duovox
