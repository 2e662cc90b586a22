// Heterogeneous interaction: after a layer the two channels look at each other and at their
// neighbors in time.
#ifndef DUOVOX_MODEL_INTERACTION_H
#define DUOVOX_MODEL_INTERACTION_H

#include <ATen/ATen.h>
#include <duovox/duovox.h>

#include <optional>
#include <string>

#include "model/layers.h"

namespace duovox {

/// States of the two channels, (N, H) each; phonetic is undefined in a single-stream model.
struct Channels {
  at::Tensor contextual, phonetic;
};

/// A linear map per channel, concatenation, convolution with kernel 3, an activation, a way back to
/// each channel, residual, LayerNorm (CharBERT, Ma et al. 2020). With split maps the convolution
/// has 2H channels, and a linear map and GELU (no GELU without an activation) lead back: the paper.
/// Without, it has H channels, added to both: the code of CharBERT and WPBERT.
class Interaction {
 public:
  Interaction(Parameters& p, const std::string& name, const duovox_model_config& config);

  Channels operator()(const Channels& x, const PackedRows& rows) const;

 private:
  /// What one channel gives to and takes from the exchange.
  struct Side {
    Linear input;
    std::optional<Linear> output;
    LayerNorm norm;

    Side(Parameters& p, const std::string& name, const duovox_model_config& config);
    at::Tensor out(const at::Tensor& x, const at::Tensor& mixed, bool gelu) const;
  };

  Side contextual_, phonetic_;
  Convolution convolution_;
  int32_t activation_;
};

}  // namespace duovox

#endif  // DUOVOX_MODEL_INTERACTION_H
