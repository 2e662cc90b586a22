// Log-mel filterbank features: the speech representation that needs no weights.
#ifndef DUOVOX_SPEECH_LOGMEL_H
#define DUOVOX_SPEECH_LOGMEL_H

#include <duovox/duovox.h>

#include <cstdint>

namespace duovox {

duovox_logmel_config default_logmel_config();

/// Throws DUOVOX_INVALID_ARGUMENT naming the member that is out of range.
void check(const duovox_logmel_config& config);

/// Number of whole windows in an utterance of that many samples.
int64_t logmel_frames(const duovox_logmel_config& config, int64_t samples);

/// Features of one utterance: samples (count) in [-1, 1] to out (frames, bands).
void logmel(const duovox_logmel_config& config, const float* samples, int64_t count, float* out);

}  // namespace duovox

#endif  // DUOVOX_SPEECH_LOGMEL_H
