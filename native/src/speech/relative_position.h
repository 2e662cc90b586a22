// WavLM's gated relative position bias, which is added to attention scores by distance and content.
#ifndef DUOVOX_SPEECH_RELATIVE_POSITION_H
#define DUOVOX_SPEECH_RELATIVE_POSITION_H

#include <ATen/ATen.h>

#include <cstdint>

namespace duovox {

/// Bucket of each distance key - query in [-(frames - 1), frames - 1]: (2 * frames - 1), int64. One
/// half of the buckets is for each sign; the first half of those is exact, the rest logarithmic.
at::Tensor relative_buckets(int64_t frames, int64_t buckets, int64_t max_distance);

/// Attention of one utterance with the bias.
/// @param query, key, value (heads, T, d)
/// @param bias (heads, 2 T - 1), by distance from -(T - 1)
/// @param gate (heads, T), one factor for each query
/// @return (heads, T, d)
at::Tensor attend_with_bias(const at::Tensor& query, const at::Tensor& key, const at::Tensor& value,
                            const at::Tensor& bias, const at::Tensor& gate);

}  // namespace duovox

#endif  // DUOVOX_SPEECH_RELATIVE_POSITION_H
