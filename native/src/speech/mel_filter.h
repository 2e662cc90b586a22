// Triangular mel filters on the Slaney scale with Slaney's area normalization (librosa's defaults).
#ifndef DUOVOX_SPEECH_MEL_FILTER_H
#define DUOVOX_SPEECH_MEL_FILTER_H

#include <ATen/ATen.h>

namespace duovox {

double hz_to_mel(double hz);
double mel_to_hz(double mel);

/// Returns the weights that map a power spectrum of fft points to mel power: (fft / 2 + 1, bands),
/// float32.
at::Tensor mel_filters(int64_t sample_rate, int64_t fft, int64_t bands, double low_hz,
                       double high_hz);

}  // namespace duovox

#endif  // DUOVOX_SPEECH_MEL_FILTER_H
