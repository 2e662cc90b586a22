// Heterogeneous interaction: after a layer each channel reads the other one and their neighbors in
// time.
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

/// A linear map per channel, concatenation, convolution with kernel 3, an activation, an output for
/// each channel, residual, LayerNorm (CharBERT, Ma et al. 2020). With split maps, as in the paper,
/// the convolution has 2H channels, and the output is a linear map and GELU (no GELU without an
/// activation). Without, as in the code of CharBERT and WPBERT, it has H channels, which are added
/// to both.
class Interaction {
 public:
  Interaction(Parameters& p, const std::string& name, const duovox_model_config& config);

  Channels operator()(const Channels& x, const PackedRows& rows) const;

 private:
  /// The input and output maps of one channel.
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
