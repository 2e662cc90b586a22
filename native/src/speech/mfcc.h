// Mel-frequency cepstral coefficients with deltas, by Kaldi's definition: the features of HuBERT's
// first iteration.
#ifndef DUOVOX_SPEECH_MFCC_H
#define DUOVOX_SPEECH_MFCC_H

#include <cstdint>

namespace duovox {

constexpr int64_t kMfccWidth = 39;  // 13 cepstra, their deltas, the deltas of these

/// Whole windows of 400 samples, 160 apart; 0 when the utterance is shorter than one.
int64_t mfcc_frames(int64_t samples);

/// One utterance at 16 kHz: samples (count) in [-1, 1] to out (frames, 39).
void mfcc(const float* samples, int64_t count, float* out);

}  // namespace duovox

#endif  // DUOVOX_SPEECH_MFCC_H
