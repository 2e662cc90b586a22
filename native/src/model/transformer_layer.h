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

  /// x (B, T, H) to (B, T, H); real as for Attention.
  at::Tensor operator()(const at::Tensor& x, const at::Tensor& real, Dropout& dropout) const {
    const at::Tensor y = attention_norm_(x + dropout(attention_(x, real, dropout)));
    return output_norm_(y + dropout(contract_(at::gelu(expand_(y)))));
  }

 private:
  Attention attention_;
  LayerNorm attention_norm_;
  Linear expand_, contract_;
  LayerNorm output_norm_;
};

}  // namespace duovox

#endif  // DUOVOX_MODEL_TRANSFORMER_LAYER_H
