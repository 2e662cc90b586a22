// The dual-channel unit language model: embeddings, two transformer stacks with an interaction
// after every layer, and heads.
#ifndef DUOVOX_MODEL_UNIT_MODEL_H
#define DUOVOX_MODEL_UNIT_MODEL_H

#include <ATen/ATen.h>
#include <duovox/duovox.h>

#include <memory>
#include <optional>
#include <vector>

#include "model/embedding.h"
#include "model/heads.h"
#include "model/interaction.h"
#include "model/parameters.h"
#include "model/transformer_layer.h"

namespace duovox {

/// Kim, Hwang and Lee, ICASSP 2024, arXiv 2402.01298. Every tensor of the model is in parameters(),
/// in a fixed order.
class UnitModel {
 public:
  /// @param config must have passed check()
  /// @param type of the stored tensors; float64 is for gradient checks. The passes compute in
  ///     config.precision; with DUOVOX_FP32 in the stored type.
  explicit UnitModel(const duovox_model_config& config, at::ScalarType type = at::kFloat);

  const duovox_model_config& config() const { return config_; }
  at::Device device() const { return device_; }
  Parameters& parameters() { return parameters_; }
  const Parameters& parameters() const { return parameters_; }

  /// Returns the states after the first layers (0 to config().layers) and their interactions, (N,
  /// H) for each channel. For a joint model: the states at its tokens, and the means over the
  /// phonetic units under each token.
  Channels encode(const Inputs& inputs, int64_t layers, Dropout& dropout) const;
  Channels encode(const Inputs& inputs, Dropout& dropout) const {
    return encode(inputs, config_.layers, dropout);
  }

  /// Returns the scores of the contextual codes (and special units with head_specials) at positions
  /// (M) of the N tokens: (M, V) or (M, V + 4).
  at::Tensor predict(const Channels& x, const at::Tensor& positions) const;
  /// Returns the reconstructed standardized representations at positions (M): (M, R).
  at::Tensor reconstruct(const Channels& x, const at::Tensor& positions) const;
  /// Returns the targets of reconstruct() for the true units targets (M): (M, R).
  at::Tensor reconstruction_targets(const at::Tensor& targets) const;
  /// Returns the targets for representations of the batch (M, R), on the codebook's scale.
  at::Tensor standardized(const at::Tensor& representations) const {
    return contextual_codebook_->standardize(representations);
  }
  bool has_codebook() const { return contextual_codebook_ && contextual_codebook_->has_spread(); }

  at::Tensor pool(const Channels& x, const Inputs& inputs) const { return class_->pool(x, inputs); }
  at::Tensor classify(const at::Tensor& pooled, Dropout& dropout) const {
    return class_->scores(pooled, dropout);
  }

 private:
  Channels layer(const Channels& x, int64_t index, const PackedRows& rows, Dropout& dropout) const;
  at::Tensor head_input(const Channels& x, int32_t channel, const at::Tensor& positions) const;
  void add_layers();
  void add_heads();

  duovox_model_config config_;
  at::Device device_;
  Parameters parameters_;
  std::shared_ptr<Codebook> contextual_codebook_, phonetic_codebook_;
  std::optional<SequenceEmbedding> sequence_embedding_;
  std::optional<PhoneticEmbedding> phonetic_embedding_;
  std::vector<TransformerLayer> contextual_layers_, phonetic_layers_;
  std::vector<Interaction> interactions_;
  std::optional<PredictionHead> mcp_, mcr_;
  std::optional<ClassificationHead> class_;
};

}  // namespace duovox

#endif  // DUOVOX_MODEL_UNIT_MODEL_H
