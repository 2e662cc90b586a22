// The convolutional feature extractor of wav2vec 2.0 and its relatives: from 16 kHz samples to a
// frame every 20 ms.
#ifndef DUOVOX_SPEECH_CONV_FEATURES_H
#define DUOVOX_SPEECH_CONV_FEATURES_H

#include <ATen/ATen.h>
#include <duovox/duovox.h>

#include <cstdint>
#include <vector>

#include "speech/frame_conv.h"
#include "speech/weights.h"

namespace duovox {

class ConvFeatures {
 public:
  ConvFeatures(const duovox_encoder_config& config, Weights& weights);

  void prepare(Weights& weights);

  int64_t width() const;
  int64_t frames(int64_t samples) const;
  /// Samples that one frame sees, and samples between two frames.
  int64_t receptive_field() const;
  int64_t stride() const;

  /// Computes the features of one utterance: (samples) on the CPU to (frames, width) on the
  /// encoder's device.
  at::Tensor operator()(const at::Tensor& wave) const;

 private:
  struct Layer {
    FrameConv conv;
    Affine norm;  // undefined where there is none
  };

  /// The first convolution with the utterance's group norm folded into it.
  FrameConv normalized_first(const at::Tensor& wave) const;
  void run_layer(size_t index, const FrameConv& conv, const at::Tensor& input,
                 at::Tensor& out) const;

  duovox_encoder_config config_;
  at::Device device_ = at::kCPU;
  std::vector<Layer> layers_;
  at::Tensor first_weight_;  // (out, kernel) in float64, for the group norm's statistics
  at::Tensor first_bias_;    // (out) in float64, or undefined
};

}  // namespace duovox

#endif  // DUOVOX_SPEECH_CONV_FEATURES_H
