// Defaults and checks of a model's configuration, and the unit ids that follow from it.
#ifndef DUOVOX_MODEL_CONFIG_H
#define DUOVOX_MODEL_CONFIG_H

#include <ATen/ATen.h>
#include <duovox/duovox.h>

#include <cstdint>

namespace duovox {

duovox_model_config default_model_config();

/// Throws DUOVOX_INVALID_ARGUMENT naming the member that is out of range.
void check(const duovox_model_config& config);

inline bool is_dual(const duovox_model_config& c) { return c.kind == DUOVOX_DUAL; }
inline bool is_joint(const duovox_model_config& c) { return c.kind == DUOVOX_JOINT; }
/// Batches bring phonetic units, and there are states for two channels.
inline bool has_phonetic(const duovox_model_config& c) { return c.kind != DUOVOX_SINGLE; }

/// What the passes compute in. @param stored type of the parameters
inline at::ScalarType compute_type(const duovox_model_config& c, at::ScalarType stored) {
  if (c.precision == DUOVOX_BF16) return at::kBFloat16;
  return c.precision == DUOVOX_FP16 ? at::kHalf : stored;
}

/// Scores of masked context prediction.
inline int64_t predicted_units(const duovox_model_config& c) {
  return int64_t{c.contextual_codes} + (c.head_specials != 0 ? 4 : 0);
}

// Contextual ids: codes 0 to V-1, CLS = V, SEP = V+1, MASK = V+2, PAD = V+3.
inline int64_t contextual_units(const duovox_model_config& c) {
  return int64_t{c.contextual_codes} + 4;
}
inline int64_t contextual_pad(const duovox_model_config& c) {
  return int64_t{c.contextual_codes} + 3;
}

// Phonetic ids: codes 0 to Q-1, PAD = Q, MASK = Q+1.
inline int64_t phonetic_units(const duovox_model_config& c) {
  return int64_t{c.phonetic_codes} + 2;
}
inline int64_t phonetic_pad(const duovox_model_config& c) { return c.phonetic_codes; }

}  // namespace duovox

#endif  // DUOVOX_MODEL_CONFIG_H
