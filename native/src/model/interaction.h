// Heterogeneous interaction: after a layer the two channels look at each other and at their
// neighbors in time.
#ifndef DUOVOX_MODEL_INTERACTION_H
#define DUOVOX_MODEL_INTERACTION_H

#include <ATen/ATen.h>
#include <duovox/duovox.h>

#include <string>
#include <utility>

#include "model/inputs.h"
#include "model/layers.h"

namespace duovox {

/// States of the two channels, (B, T, H) each; phonetic is undefined in a single-stream model.
struct Channels {
  at::Tensor contextual, phonetic;
};

/// Preset "paper" (CharBERT's paper, Ma et al. 2020): a linear map per channel, concatenation,
/// convolution with kernel 3 and tanh, a linear map and GELU back to each channel, residual,
/// LayerNorm. One set of weights per layer.
class Interaction {
 public:
  Interaction(Parameters& p, const std::string& name, const duovox_model_config& config)
      : contextual_(p, name + ".contextual", config),
        phonetic_(p, name + ".phonetic", config),
        convolution_(p, name + ".convolution", 2 * config.hidden, 2 * config.hidden) {}

  Channels operator()(const Channels& x, const Inputs& inputs) const {
    const at::Tensor both = at::cat({contextual_.in(x.contextual), phonetic_.in(x.phonetic)}, -1);
    // Zeros beyond a row's length are what the convolution's own padding is made of: neighbors in a
    // batch do not matter.
    const at::Tensor mixed = at::tanh(convolution_(inputs.without_padding(both)));
    return {contextual_.out(x.contextual, mixed), phonetic_.out(x.phonetic, mixed)};
  }

 private:
  /// What one channel gives to and takes from the exchange.
  struct Side {
    Linear input, output;
    LayerNorm norm;

    Side(Parameters& p, const std::string& name, const duovox_model_config& config)
        : input(p, name + ".input", config.hidden, config.hidden),
          output(p, name + ".output", 2 * config.hidden, config.hidden),
          norm(p, name + ".norm", config.hidden, config.layer_norm_epsilon) {}
    at::Tensor in(const at::Tensor& x) const { return input(x); }
    at::Tensor out(const at::Tensor& x, const at::Tensor& mixed) const {
      return norm(x + at::gelu(output(mixed)));
    }
  };

  Side contextual_, phonetic_;
  Convolution convolution_;
};

}  // namespace duovox

#endif  // DUOVOX_MODEL_INTERACTION_H
