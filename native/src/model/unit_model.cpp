// See unit_model.h. Members are built in the order in which their tensors are listed.
#include "model/unit_model.h"

#include "device.h"
#include "error.h"
#include "model/config.h"

namespace duovox {

UnitModel::UnitModel(const duovox_model_config& config, at::ScalarType type)
    : config_(config),
      device_(usable_device(config.device)),
      parameters_(at::TensorOptions(device_).dtype(type), config.seed) {
  const bool codebook_inputs = config.unit_embedding == DUOVOX_EMBED_CODEBOOK;
  if (config.representation_width > 0) {
    contextual_codebook_ = std::make_shared<Codebook>(
        parameters_, "contextual", config.contextual_codes, config.representation_width);
  }
  if (config.phonetic_width > 0) {
    phonetic_codebook_ = std::make_shared<Codebook>(parameters_, "phonetic", config.phonetic_codes,
                                                    config.phonetic_width);
  }
  contextual_embedding_.emplace(parameters_, config,
                                codebook_inputs ? contextual_codebook_ : nullptr);
  if (is_dual(config)) {
    phonetic_embedding_.emplace(parameters_, config,
                                codebook_inputs ? phonetic_codebook_ : nullptr);
  }
  add_layers();
  add_heads();
}

void UnitModel::add_layers() {
  for (int32_t i = 0; i < config_.layers; ++i) {
    const std::string number = std::to_string(i);
    contextual_layers_.emplace_back(parameters_, "contextual.layer." + number, config_);
    if (!is_dual(config_)) continue;
    phonetic_layers_.emplace_back(parameters_, "phonetic.layer." + number, config_);
    interactions_.emplace_back(parameters_, "interaction." + number, config_);
  }
}

void UnitModel::add_heads() {
  const bool both = is_dual(config_) && config_.head_layout == DUOVOX_HEADS_CONCATENATED;
  const int64_t in = both ? 2 * config_.hidden : config_.hidden;
  mcp_.emplace(parameters_, "heads.mcp", in, config_.contextual_codes, config_);
  if (config_.representation_width > 0) {
    mcr_.emplace(parameters_, "heads.mcr", in, config_.representation_width, config_);
  }
  if (config_.classes > 0) class_.emplace(parameters_, "heads.classification", config_);
}

Channels UnitModel::encode(const Inputs& inputs, int64_t layers, Dropout& dropout) const {
  Channels x;
  x.contextual = (*contextual_embedding_)(inputs, dropout);
  if (is_dual(config_)) x.phonetic = (*phonetic_embedding_)(inputs);
  for (int64_t i = 0; i < layers; ++i) {
    x.contextual = contextual_layers_[i](x.contextual, inputs.real, dropout);
    if (!is_dual(config_)) continue;
    x.phonetic = phonetic_layers_[i](x.phonetic, inputs.real, dropout);
    x = interactions_[i](x, inputs);
  }
  return x;
}

at::Tensor UnitModel::head_input(const Channels& x, int32_t channel,
                                 const at::Tensor& positions) const {
  const auto at_positions = [&](const at::Tensor& states) {
    return states.flatten(0, 1).index_select(0, positions);  // (M, H)
  };
  if (!is_dual(config_)) return at_positions(x.contextual);
  if (config_.head_layout == DUOVOX_HEADS_CONCATENATED) {
    return at::cat({at_positions(x.contextual), at_positions(x.phonetic)}, -1);
  }
  return at_positions(channel == DUOVOX_CONTEXTUAL ? x.contextual : x.phonetic);
}

at::Tensor UnitModel::predict(const Channels& x, const at::Tensor& positions) const {
  return (*mcp_)(head_input(x, DUOVOX_PHONETIC, positions));
}

at::Tensor UnitModel::reconstruct(const Channels& x, const at::Tensor& positions) const {
  return (*mcr_)(head_input(x, DUOVOX_CONTEXTUAL, positions));
}

at::Tensor UnitModel::reconstruction_targets(const at::Tensor& targets) const {
  return contextual_codebook_->standardized().index_select(0, targets);
}

}  // namespace duovox
