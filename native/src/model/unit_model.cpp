// See unit_model.h. Members are built in the order in which their tensors are listed.
#include "model/unit_model.h"

#include "device.h"
#include "error.h"
#include "model/config.h"

namespace duovox {

UnitModel::UnitModel(const duovox_model_config& config, at::ScalarType type)
    : config_(config),
      device_(usable_device(config.device)),
      parameters_(at::TensorOptions(device_).dtype(type), config.seed, compute_type(config, type)) {
  if (config.representation_width > 0) {
    contextual_codebook_ = std::make_shared<Codebook>(
        parameters_, "contextual", config.contextual_codes, config.representation_width);
  }
  if (config.phonetic_width > 0) {
    phonetic_codebook_ = std::make_shared<Codebook>(parameters_, "phonetic", config.phonetic_codes,
                                                    config.phonetic_width);
  }
  const bool codebook_inputs = config.unit_embedding == DUOVOX_EMBED_CODEBOOK;
  const auto contextual = codebook_inputs ? contextual_codebook_ : nullptr;
  const auto phonetic = codebook_inputs ? phonetic_codebook_ : nullptr;
  sequence_embedding_.emplace(parameters_, config, contextual, phonetic);
  if (is_dual(config)) phonetic_embedding_.emplace(parameters_, config, phonetic);
  add_layers();
  add_heads();
}

void UnitModel::add_layers() {
  for (int32_t i = 0; i < config_.layers; ++i) {
    const std::string number = std::to_string(i);
    contextual_layers_.emplace_back(parameters_, "contextual.layer." + number, config_);
    if (!is_dual(config_)) continue;
    if (config_.shared_stacks == 0) {
      phonetic_layers_.emplace_back(parameters_, "phonetic.layer." + number, config_);
    }
    if (config_.interaction == DUOVOX_INTERACTION_PER_LAYER) {
      interactions_.emplace_back(parameters_, "interaction." + number, config_);
    }
  }
  if (is_dual(config_) && config_.interaction == DUOVOX_INTERACTION_SHARED) {
    interactions_.emplace_back(parameters_, "interaction.shared", config_);
  }
}

void UnitModel::add_heads() {
  const bool both = is_dual(config_) && config_.head_layout == DUOVOX_HEADS_CONCATENATED;
  const int64_t in = both ? 2 * config_.hidden : config_.hidden;
  mcp_.emplace(parameters_, "heads.mcp", in, predicted_units(config_), config_);
  if (config_.representation_width > 0) {
    mcr_.emplace(parameters_, "heads.mcr", in, config_.representation_width, config_);
  }
  if (config_.classes > 0) class_.emplace(parameters_, "heads.classification", config_);
}

Channels UnitModel::encode(const Inputs& inputs, int64_t layers, Dropout& dropout) const {
  dropout.lay_out(inputs.sequence.offsets);
  Channels x;
  x.contextual = (*sequence_embedding_)(inputs, dropout);
  if (is_dual(config_)) x.phonetic = (*phonetic_embedding_)(inputs);
  for (int64_t i = 0; i < layers; ++i) x = layer(x, i, inputs.sequence, dropout);
  if (is_joint(config_)) {
    x.phonetic = mean_under_tokens(x.contextual, inputs);
    x.contextual = x.contextual.index_select(0, inputs.token);
  }
  return x;
}

Channels UnitModel::layer(const Channels& x, int64_t index, const PackedRows& rows,
                          Dropout& dropout) const {
  Channels y;
  y.contextual = contextual_layers_[index](x.contextual, rows, dropout);
  if (!is_dual(config_)) return y;
  const auto& phonetic = config_.shared_stacks != 0 ? contextual_layers_ : phonetic_layers_;
  y.phonetic = phonetic[index](x.phonetic, rows, dropout);
  if (interactions_.empty()) return y;
  return interactions_.size() == 1 ? interactions_[0](y, rows) : interactions_[index](y, rows);
}

at::Tensor UnitModel::head_input(const Channels& x, int32_t channel,
                                 const at::Tensor& positions) const {
  const auto at_positions = [&](const at::Tensor& states) {
    return states.index_select(0, positions);  // (M, H)
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
