// HuBERT, wav2vec 2.0 (with its product quantizer), data2vec-audio and WavLM, with the tensor names
// of Hugging Face's layout.
#ifndef DUOVOX_SPEECH_WAV2VEC2_H
#define DUOVOX_SPEECH_WAV2VEC2_H

#include "speech/conv_features.h"
#include "speech/encoder.h"
#include "speech/speech_transformer.h"

namespace duovox {

/// Layers: "conv" (the convolutions' output), "extract_features" (the same after the projection's
/// layer norm), "codes" (wav2vec 2.0 with a quantizer), "hidden_state_0" (input of the first
/// transformer layer) to "hidden_state_L", "last_hidden_state".
class Wav2Vec2Encoder : public Encoder {
 public:
  explicit Wav2Vec2Encoder(const duovox_encoder_config& config);

  int64_t frames(int64_t layer, int64_t samples, const Chunking& chunking) const override;
  std::vector<at::Tensor> encode(const std::vector<at::Tensor>& utterances,
                                 const std::vector<int64_t>& layers,
                                 const Chunking& chunking) const override;

 protected:
  void prepare(Weights& weights) override;

 private:
  at::Tensor standardized(const at::Tensor& wave) const;
  /// All utterances' convolution output (N, width); sets bounds.
  at::Tensor convolved(const std::vector<at::Tensor>& utterances, Bounds& bounds) const;
  at::Tensor codes(const at::Tensor& features) const;

  int64_t first_hidden() const { return config_.code_groups > 0 ? 3 : 2; }

  duovox_encoder_config config_;
  ConvFeatures features_;
  SpeechTransformer transformer_;
  Affine projection_norm_;
  Affine projection_;
  Affine code_logits_;
};

}  // namespace duovox

#endif  // DUOVOX_SPEECH_WAV2VEC2_H
