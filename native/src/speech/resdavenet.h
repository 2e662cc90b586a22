// ResDAVEnet-VQ: a residual convolutional network on a log-mel spectrogram with vector quantization
// between its layers.
#ifndef DUOVOX_SPEECH_RESDAVENET_H
#define DUOVOX_SPEECH_RESDAVENET_H

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "speech/encoder.h"

namespace duovox {

/// Layers: "logmel", then for each of the five stages k (the first convolution and the residual
/// layers; 10, 20, 40, 80, 160 ms) either "stageK" or, where it is quantized, "quantK.prequant",
/// "quantK.codes" and "quantK.quantized". What follows a quantizer reads the quantized frames.
class ResdavenetEncoder : public Encoder {
 public:
  explicit ResdavenetEncoder(const duovox_encoder_config& config);

  int64_t frames(int64_t layer, int64_t samples, const Chunking& chunking) const override;
  std::vector<at::Tensor> encode(const std::vector<at::Tensor>& utterances,
                                 const std::vector<int64_t>& layers,
                                 const Chunking& chunking) const override;

 protected:
  void prepare(Weights& weights) override;

 private:
  static constexpr int kStages = 5;

  struct Norm {
    Affine affine;
    at::Tensor mean;
    at::Tensor variance;
  };
  struct Conv {
    at::Tensor weight;  // (out, in, kernel)
    Norm norm;
  };
  struct Block {
    Conv first;
    Conv second;
    Conv shortcut;  // weight undefined where the input is added as it is
  };

  void declare_norm(const std::string& name, int64_t width);
  void declare_block(const std::string& name, int64_t inputs, int64_t outputs, bool first);
  /// All layers of one utterance up to index deepest, each (frames, width).
  std::vector<at::Tensor> run(const at::Tensor& wave, int64_t deepest) const;
  at::Tensor stage(int index, const at::Tensor& x) const;

  duovox_encoder_config config_;
  Conv input_;
  std::array<std::array<Block, 2>, 4> blocks_;
  std::array<at::Tensor, kStages> codebooks_;  // (codes, width); undefined where not quantized
};

}  // namespace duovox

#endif  // DUOVOX_SPEECH_RESDAVENET_H
