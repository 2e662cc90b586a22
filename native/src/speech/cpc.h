// Contrastive predictive coding as in CPC_audio and the ZeroSpeech 2021 baseline: five convolutions
// and a recurrent network, a frame every 10 ms.
#ifndef DUOVOX_SPEECH_CPC_H
#define DUOVOX_SPEECH_CPC_H

#include <vector>

#include "speech/encoder.h"
#include "speech/frame_conv.h"

namespace duovox {

/// Layers: "encoded" (the convolutions' output), "context_level_1" to "context_level_K" (outputs of
/// the recurrent layers).
class CpcEncoder : public Encoder {
 public:
  explicit CpcEncoder(const duovox_encoder_config& config);

  void check(const Chunking& chunking) const override;
  int64_t frames(int64_t layer, int64_t samples, const Chunking& chunking) const override;
  std::vector<at::Tensor> encode(const std::vector<at::Tensor>& utterances,
                                 const std::vector<int64_t>& layers,
                                 const Chunking& chunking) const override;

 protected:
  void prepare(Weights& weights) override;

 private:
  /// Hidden (and cell) state of each recurrent layer; empty before the first piece.
  using State = std::vector<std::vector<at::Tensor>>;

  struct Conv {
    FrameConv conv;
    Affine norm;
  };

  /// Levels 0 (encoded) to deepest of one piece (samples), each (frames, width).
  std::vector<at::Tensor> piece(const at::Tensor& wave, int64_t deepest, State& state) const;
  at::Tensor encoded(const at::Tensor& wave) const;
  at::Tensor recur(size_t level, const at::Tensor& x, std::vector<at::Tensor>& state) const;
  /// The same for a whole utterance, cut by chunking.
  std::vector<at::Tensor> levels(const at::Tensor& wave, int64_t deepest,
                                 const Chunking& chunking) const;

  duovox_encoder_config config_;
  std::vector<Conv> convs_;
  // Of each recurrent layer: weight_ih, weight_hh, bias_ih, bias_hh.
  std::vector<std::vector<at::Tensor>> cells_;
};

}  // namespace duovox

#endif  // DUOVOX_SPEECH_CPC_H
