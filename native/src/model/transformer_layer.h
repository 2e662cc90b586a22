// One layer of a channel's transformer stack: attention and feed-forward, each with residual and
// LayerNorm after it.
#ifndef DUOVOX_MODEL_TRANSFORMER_LAYER_H
#define DUOVOX_MODEL_TRANSFORMER_LAYER_H

#include <ATen/ATen.h>
#include <duovox/duovox.h>

#include <string>

#include "model/attention.h"

namespace duovox {

/// Post-LN with exact GELU, as in BERT (Devlin et al. 2019).
class TransformerLayer {
 public:
  TransformerLayer(Parameters& p, const std::string& name, const duovox_model_config& config)
      : attention_(p, name + ".attention", config.hidden, config.heads),
        attention_norm_(p, name + ".attention.norm", config.hidden, config.layer_norm_epsilon),
        expand_(p, name + ".feed_forward.input", config.hidden, config.feed_forward),
        contract_(p, name + ".feed_forward.output", config.feed_forward, config.hidden),
        output_norm_(p, name + ".feed_forward.norm", config.hidden, config.layer_norm_epsilon) {}

  /// x (N, H) to (N, H).
  at::Tensor operator()(const at::Tensor& x, const PackedRows& rows, Dropout& dropout) const {
    const at::Tensor y = attention_norm_(dropout.add(attention_(x, rows, dropout), x));
    return output_norm_(dropout.add(contract_(at::gelu(expand_(y))), y));
  }

 private:
  Attention attention_;
  LayerNorm attention_norm_;
  Linear expand_, contract_;
  LayerNorm output_norm_;
};

}  // namespace duovox

#endif  // DUOVOX_MODEL_TRANSFORMER_LAYER_H
