// Defaults and checks of the model configuration, and the unit ids that follow from it.
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
/// Whether batches bring phonetic units and the model has states for two channels.
inline bool has_phonetic(const duovox_model_config& c) { return c.kind != DUOVOX_SINGLE; }

/// Returns the type that the passes compute in. @param stored type of the parameters
inline at::ScalarType compute_type(const duovox_model_config& c, at::ScalarType stored) {
  if (c.precision == DUOVOX_BF16) return at::kBFloat16;
  return c.precision == DUOVOX_FP16 ? at::kHalf : stored;
}

/// Special units after the contextual codes 0 to V-1: CLS = V, SEP = V+1, MASK = V+2, PAD = V+3.
constexpr int64_t kContextualSpecials = 4;
/// Special units after the phonetic codes 0 to Q-1: PAD = Q, MASK = Q+1.
constexpr int64_t kPhoneticSpecials = 2;

/// Number of scores of masked context prediction.
inline int64_t predicted_units(const duovox_model_config& c) {
  return c.contextual_codes + (c.head_specials != 0 ? kContextualSpecials : 0);
}

inline int64_t contextual_units(const duovox_model_config& c) {
  return c.contextual_codes + kContextualSpecials;
}
inline int64_t contextual_pad(const duovox_model_config& c) { return contextual_units(c) - 1; }

inline int64_t phonetic_units(const duovox_model_config& c) {
  return c.phonetic_codes + kPhoneticSpecials;
}
inline int64_t phonetic_pad(const duovox_model_config& c) { return c.phonetic_codes; }

}  // namespace duovox

#endif  // DUOVOX_MODEL_CONFIG_H
