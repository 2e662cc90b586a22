// The heads of the model: prediction (used for MCP and MCR) and classification of utterances.
#ifndef DUOVOX_MODEL_HEADS_H
#define DUOVOX_MODEL_HEADS_H

#include <ATen/ATen.h>
#include <duovox/duovox.h>

#include <string>

#include "model/dropout.h"
#include "model/inputs.h"
#include "model/interaction.h"
#include "model/layers.h"

namespace duovox {

/// Linear, GELU, LayerNorm, linear: BERT's language-model head.
class PredictionHead {
 public:
  PredictionHead(Parameters& p, const std::string& name, int64_t in, int64_t out,
                 const duovox_model_config& config)
      : dense_(p, name + ".dense", in, width(config)),
        norm_(p, name + ".norm", width(config), config.layer_norm_epsilon),
        output_(p, name + ".output", width(config), out) {}
  at::Tensor operator()(const at::Tensor& x) const { return output_(norm_(at::gelu(dense_(x)))); }

 private:
  static int64_t width(const duovox_model_config& config) {
    return config.head_width > 0 ? config.head_width : config.hidden;
  }

  Linear dense_;
  LayerNorm norm_;
  Linear output_;
};

/// Pools the channels over the real tokens (CLS and SEP included), concatenates them and scores the
/// classes.
class ClassificationHead {
 public:
  ClassificationHead(Parameters& p, const std::string& name, const duovox_model_config& config);
  at::Tensor pool(const Channels& x, const Inputs& inputs) const;       // (B, H or 2H)
  at::Tensor scores(const at::Tensor& pooled, Dropout& dropout) const;  // (B, C)

 private:
  int32_t pooling_;
  Linear output_;
};

}  // namespace duovox

#endif  // DUOVOX_MODEL_HEADS_H
