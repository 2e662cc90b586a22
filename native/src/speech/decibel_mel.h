// ResDAVEnet-VQ's own front end: log-mel spectrogram in decibels below the utterance's maximum.
#ifndef DUOVOX_SPEECH_DECIBEL_MEL_H
#define DUOVOX_SPEECH_DECIBEL_MEL_H

#include <ATen/ATen.h>

#include <cstdint>

namespace duovox {

constexpr int64_t kDecibelMelBands = 40;
constexpr int64_t kDecibelMelHop = 160;

/// Frames of an utterance with that many samples: 1 + samples / 160; 0 for an empty one.
int64_t decibel_mel_frames(int64_t samples);

/// Converts wave (samples) at 16 kHz to (frames, 40) in [-80, 0] dB; frame k is centered at sample
/// 160 k.
/// @param zero_padding whether the first and last windows see zeros beyond the signal's ends, as in
///     librosa 0.10 and later, instead of the mirrored signal
at::Tensor decibel_mel(const at::Tensor& wave, bool zero_padding);

}  // namespace duovox

#endif  // DUOVOX_SPEECH_DECIBEL_MEL_H
