// The embeddings of both channels: one vector per contextual token and channel.
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

/// Unit vector plus learned position and, if configured, type vector; LayerNorm; dropout (BERT,
/// Devlin et al. 2019). In a joint model also for phonetic units, whose PAD, which marks begin and
/// end, has a trained vector like any other unit.
class SequenceEmbedding {
 public:
  SequenceEmbedding(Parameters& p, const duovox_model_config& config,
                    std::shared_ptr<const Codebook> contextual,
                    std::shared_ptr<const Codebook> phonetic);
  at::Tensor operator()(const Inputs& inputs, Dropout& dropout) const;  // (S, H)

 private:
  UnitTable contextual_;
  std::optional<UnitTable> phonetic_;  // of a joint model
  at::Tensor position_;                // (max_positions, H)
  at::Tensor type_;                    // (types, H) or undefined
  LayerNorm norm_;
};

/// Means of the states (S, H) of a joint model at the phonetic units under each token: (N, H).
at::Tensor mean_under_tokens(const at::Tensor& states, const Inputs& inputs);

/// The phonetic units under each token as one vector: states of a bidirectional GRU over the row's
/// whole phonetic sequence at the token's first and last unit (CharBERT; Ma et al. 2020), or their
/// mean or maximum.
class PhoneticEmbedding {
 public:
  PhoneticEmbedding(Parameters& p, const duovox_model_config& config,
                    std::shared_ptr<const Codebook> codebook);
  at::Tensor operator()(const Inputs& inputs) const {  // (N, H)
    return gru_ ? gru_ends(inputs) : pooled(inputs);
  }

 private:
  at::Tensor gru_ends(const Inputs& inputs) const;  // (N, H)
  at::Tensor pooled(const Inputs& inputs) const;    // (N, H)

  int32_t pooling_;
  UnitTable table_;
  std::optional<BidirectionalGru> gru_;
  std::optional<Linear> projection_;  // of pooled units whose width is not H
};

}  // namespace duovox

#endif  // DUOVOX_MODEL_EMBEDDING_H
