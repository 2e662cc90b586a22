// The common interface of the speech encoders: weights to write, layers to choose, utterances to
// encode.
#ifndef DUOVOX_SPEECH_ENCODER_H
#define DUOVOX_SPEECH_ENCODER_H

#include <ATen/ATen.h>
#include <duovox/duovox.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "speech/weights.h"

namespace duovox {

struct EncoderLayer {
  std::string name;
  int64_t width;
  int64_t codes;     // of a group; 0 unless frames are codes
  int64_t interval;  // samples between frame centers
  double offset;     // center of frame 0 in samples
};

/// How audio is cut into pieces; chunk (samples) is ignored by DUOVOX_WHOLE.
struct Chunking {
  int32_t kind;
  int64_t chunk;
};

class Encoder {
 public:
  explicit Encoder(int32_t device);
  Encoder(const Encoder&) = delete;
  Encoder& operator=(const Encoder&) = delete;
  virtual ~Encoder() = default;

  Weights& weights() { return weights_; }
  const std::vector<EncoderLayer>& layers() const { return layers_; }
  bool sealed() const { return sealed_; }

  /// Prepares the weights for use; all must have been written.
  void seal();

  /// Throws unless this encoder can cut audio that way.
  virtual void check(const Chunking& chunking) const;

  /// Returns the frames of a layer for an utterance of that many samples; 0 when it is too short.
  virtual int64_t frames(int64_t layer, int64_t samples, const Chunking& chunking) const = 0;

  /// Returns the frames of layers (indices), one tensor (all frames, width) for each, in that
  /// order; utterances follow each other. Every utterance (samples) must have at least one frame.
  virtual std::vector<at::Tensor> encode(const std::vector<at::Tensor>& utterances,
                                         const std::vector<int64_t>& layers,
                                         const Chunking& chunking) const = 0;

 protected:
  /// Takes the written weights and prepares them for encode().
  virtual void prepare(Weights& weights) = 0;
  /// Adds a layer to layers().
  void offer(std::string name, int64_t width, int64_t interval, double offset, int64_t codes = 0);

  at::Device device() const { return device_; }

 private:
  at::Device device_;
  Weights weights_;
  std::vector<EncoderLayer> layers_;
  bool sealed_ = false;
};

duovox_encoder_config default_encoder_config(int32_t family);

/// Throws DUOVOX_INVALID_ARGUMENT naming the member that is out of range.
void check(const duovox_encoder_config& config);

/// Returns an encoder of the family that config names; config must have passed check().
std::unique_ptr<Encoder> make_encoder(const duovox_encoder_config& config);

}  // namespace duovox

#endif  // DUOVOX_SPEECH_ENCODER_H
