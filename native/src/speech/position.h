// The convolutional position embedding of wav2vec 2.0, HuBERT, WavLM (one grouped convolution) and
// data2vec (a stack of them).
#ifndef DUOVOX_SPEECH_POSITION_H
#define DUOVOX_SPEECH_POSITION_H

#include <ATen/ATen.h>
#include <duovox/duovox.h>

#include <vector>

#include "speech/weights.h"

namespace duovox {

class PositionConv {
 public:
  PositionConv(const duovox_encoder_config& config, Weights& weights);

  void prepare(Weights& weights);

  /// What is added to the frames of one utterance: (T, H) to (T, H).
  at::Tensor operator()(const at::Tensor& frames) const;

 private:
  /// x (1, H, T); the output has as many frames.
  at::Tensor convolve(const at::Tensor& x, const Affine& conv) const;

  duovox_encoder_config config_;
  std::vector<Affine> convs_;
  Affine batch_norm_;
  at::Tensor running_mean_;
  at::Tensor running_variance_;
};

}  // namespace duovox

#endif  // DUOVOX_SPEECH_POSITION_H
