// The inputs of the two channels: one vector per contextual token and channel.
#ifndef DUOVOX_MODEL_EMBEDDING_H
#define DUOVOX_MODEL_EMBEDDING_H

#include <ATen/ATen.h>
#include <duovox/duovox.h>

#include <memory>
#include <optional>

#include "model/dropout.h"
#include "model/gru.h"
#include "model/inputs.h"
#include "model/layers.h"
#include "model/unit_table.h"

namespace duovox {

/// Unit vector plus learned position, LayerNorm, dropout (BERT; Devlin et al. 2019).
class ContextualEmbedding {
 public:
  ContextualEmbedding(Parameters& p, const duovox_model_config& config,
                      std::shared_ptr<const Codebook> codebook);
  at::Tensor operator()(const Inputs& inputs, Dropout& dropout) const;  // (B, T, H)

 private:
  UnitTable table_;
  at::Tensor position_;  // (max_positions, H)
  LayerNorm norm_;
};

/// The phonetic units under each token as one vector: states of a bidirectional GRU over the row's
/// whole phonetic sequence at the token's first and last unit (CharBERT; Ma et al. 2020), or their
/// mean or maximum.
class PhoneticEmbedding {
 public:
  PhoneticEmbedding(Parameters& p, const duovox_model_config& config,
                    std::shared_ptr<const Codebook> codebook);
  at::Tensor operator()(const Inputs& inputs) const;  // (B, T, H)

 private:
  at::Tensor gru_ends(const Inputs& inputs) const;  // (B * T, H)
  at::Tensor pooled(const Inputs& inputs) const;    // (B * T, H)

  int32_t pooling_;
  UnitTable table_;
  std::optional<BidirectionalGru> gru_;
  std::optional<Linear> projection_;  // of pooled units whose width is not H
};

}  // namespace duovox

#endif  // DUOVOX_MODEL_EMBEDDING_H
