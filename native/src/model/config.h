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
