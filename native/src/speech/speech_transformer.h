// The transformer of wav2vec 2.0 and its relatives, post-norm or pre-norm, over utterances packed
// without padding.
#ifndef DUOVOX_SPEECH_SPEECH_TRANSFORMER_H
#define DUOVOX_SPEECH_SPEECH_TRANSFORMER_H

#include <ATen/ATen.h>
#include <duovox/duovox.h>

#include <cstdint>
#include <string>
#include <vector>

#include "speech/position.h"
#include "speech/weights.h"

namespace duovox {

/// Where packed utterances begin: utterance i is rows [bounds[i], bounds[i + 1]).
using Bounds = std::vector<int64_t>;

class SpeechTransformer {
 public:
  SpeechTransformer(const duovox_encoder_config& config, Weights& weights);

  void prepare(Weights& weights);

  /// Returns the input of the first layer: frames (N, H) with positions and, for a post-norm stack,
  /// the layer norm.
  at::Tensor embed(const at::Tensor& frames, const Bounds& bounds) const;

  /// Returns the output of layer index for its input x (N, H).
  at::Tensor layer(size_t index, const at::Tensor& x, const Bounds& bounds) const;

  /// Applies the norm after the last layer of a pre-norm stack; the identity for a post-norm stack.
  at::Tensor finish(const at::Tensor& x) const;

 private:
  struct Layer {
    Affine qkv;     // (3 H, H): query, key and value in one product
    Affine output;  // (H, H)
    Affine attention_norm;
    Affine inner;
    Affine outer;
    Affine final_norm;
    Affine gate;               // WavLM: (8, d)
    at::Tensor gate_constant;  // WavLM: (heads, 1)
  };

  at::Tensor attention(const Layer& layer, const at::Tensor& x, const Bounds& bounds) const;
  at::Tensor mixed(const Layer& layer, const at::Tensor& x, const at::Tensor& qkv) const;
  at::Tensor feed_forward(const Layer& layer, const at::Tensor& x) const;
  at::Tensor normalize(const at::Tensor& x, const Affine& norm) const;
  at::Tensor gates(const Layer& layer, const at::Tensor& x) const;

  duovox_encoder_config config_;
  PositionConv position_;
  Affine norm_;
  std::vector<Layer> layers_;
  at::Tensor relative_;  // WavLM: (buckets, heads)
};

}  // namespace duovox

#endif  // DUOVOX_SPEECH_SPEECH_TRANSFORMER_H
