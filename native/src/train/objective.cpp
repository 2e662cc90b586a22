// See objective.h. Heads run at the positions with a loss only; the host knows which these are, so
// nothing waits for the device.
#include "train/objective.h"

#include <ATen/core/grad_mode.h>

#include "error.h"
#include "train/losses.h"

namespace duovox {
namespace {

bool starts_with(const std::string& text, const char* prefix) { return text.rfind(prefix, 0) == 0; }

}  // namespace

bool Objective::trains(const std::string& name) const {
  const bool classification = starts_with(name, "heads.classification.");
  if (config_.objective == DUOVOX_PROBE) return classification;
  if (config_.objective == DUOVOX_CLASSIFY) return classification || !starts_with(name, "heads.");
  if (starts_with(name, "heads.mcp.")) return config_.mcp_weight > 0;
  if (starts_with(name, "heads.mcr.")) return config_.mcr_weight > 0;
  return !classification;
}

Outcome Objective::operator()(const Inputs& inputs, Dropout& dropout, Mode mode) const {
  Outcome outcome = config_.objective == DUOVOX_PRETRAIN ? pretrain(inputs, dropout)
                                                         : classify(inputs, dropout, mode);
  outcome.units = inputs.units;
  return outcome;
}

Outcome Objective::pretrain(const Inputs& inputs, Dropout& dropout) const {
  Outcome outcome;
  outcome.count = inputs.positions.size(0);
  if (outcome.count == 0) return outcome;
  const Channels x = model_.encode(inputs, dropout);
  const at::Tensor zero = at_least_float(at::zeros({}, x.contextual.options()));
  outcome.mcp = outcome.mcr = outcome.loss = outcome.hits = zero;
  if (config_.mcp_weight > 0) {
    const at::Tensor logits = model_.predict(x, inputs.positions);
    outcome.mcp = cross_entropy(logits, inputs.targets);
    outcome.predicted = logits.detach().argmax(-1);
    outcome.expected = inputs.targets;
    outcome.hits = outcome.predicted.eq(outcome.expected).sum();
    outcome.loss = outcome.mcp * config_.mcp_weight;
  }
  if (config_.mcr_weight > 0) {
    require_state(
        model_.has_codebook(),
        "config.mcr_weight > 0, but the model's contextual.codebook was never written, or "
        "all its vectors are equal: there is nothing to reconstruct");
    outcome.mcr = reconstruction_error(model_.reconstruct(x, inputs.positions),
                                       reads_representations()
                                           ? model_.standardized(inputs.representations)
                                           : model_.reconstruction_targets(inputs.targets));
    outcome.loss = outcome.loss + outcome.mcr * config_.mcr_weight;
  }
  return outcome;
}

at::Tensor Objective::pooled(const Inputs& inputs, Dropout& dropout) const {
  if (config_.objective != DUOVOX_PROBE) return model_.pool(model_.encode(inputs, dropout), inputs);
  const at::NoGradGuard frozen;
  Dropout off;
  return model_.pool(model_.encode(inputs, off), inputs);
}

Outcome Objective::classify(const Inputs& inputs, Dropout& dropout, Mode mode) const {
  Dropout off;
  const at::Tensor features = pooled(inputs, dropout);
  const bool probe = config_.objective == DUOVOX_PROBE;
  const at::Tensor logits = model_.classify(features, probe ? off : dropout);
  Outcome outcome;
  outcome.count = inputs.rows;
  outcome.loss =
      cross_entropy(logits, inputs.labels, mode == Mode::kTraining ? config_.label_smoothing : 0);
  outcome.mcp = outcome.loss;
  outcome.mcr = at::zeros_like(outcome.loss);
  outcome.predicted = logits.detach().argmax(-1);
  outcome.expected = inputs.labels;
  outcome.hits = outcome.predicted.eq(outcome.expected).sum();
  return outcome;
}

}  // namespace duovox
