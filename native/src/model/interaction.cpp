// See interaction.h.
#include "model/interaction.h"

namespace duovox {
namespace {

std::optional<Linear> split_map(Parameters& p, const std::string& name,
                                const duovox_model_config& config) {
  if (config.interaction_split == 0) return std::nullopt;
  return Linear(p, name, 2 * config.hidden, config.hidden);
}

}  // namespace

Interaction::Side::Side(Parameters& p, const std::string& name, const duovox_model_config& config)
    : input(p, name + ".input", config.hidden, config.hidden, config.interaction_bias != 0),
      output(split_map(p, name + ".output", config)),
      norm(p, name + ".norm", config.hidden, config.layer_norm_epsilon) {}

at::Tensor Interaction::Side::out(const at::Tensor& x, const at::Tensor& mixed, bool gelu) const {
  if (!output) return norm(x + mixed);
  const at::Tensor back = (*output)(mixed);
  return norm(x + (gelu ? at::gelu(back) : back));
}

Interaction::Interaction(Parameters& p, const std::string& name, const duovox_model_config& config)
    : contextual_(p, name + ".contextual", config),
      phonetic_(p, name + ".phonetic", config),
      convolution_(p, name + ".convolution", 2 * config.hidden,
                   config.interaction_split != 0 ? 2 * config.hidden : config.hidden),
      activation_(config.interaction_activation) {}

Channels Interaction::operator()(const Channels& x, const PackedRows& rows) const {
  const at::Tensor both =
      at::cat({contextual_.input(x.contextual), phonetic_.input(x.phonetic)}, -1);
  at::Tensor mixed = convolution_(both, rows);
  if (activation_ == DUOVOX_ACTIVATION_TANH) mixed = at::tanh(mixed);
  if (activation_ == DUOVOX_ACTIVATION_GELU) mixed = at::gelu(mixed);
  const bool gelu = activation_ != DUOVOX_ACTIVATION_NONE;
  return {contextual_.out(x.contextual, mixed, gelu), phonetic_.out(x.phonetic, mixed, gelu)};
}

}  // namespace duovox
