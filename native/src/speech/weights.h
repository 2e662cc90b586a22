// The named tensors that an encoder's checkpoint must bring: declared by the encoder, written by
// the caller, taken when the encoder is sealed.
#ifndef DUOVOX_SPEECH_WEIGHTS_H
#define DUOVOX_SPEECH_WEIGHTS_H

#include <ATen/ATen.h>

#include <cstdint>
#include <string>
#include <vector>

namespace duovox {

class Weights {
 public:
  explicit Weights(at::Device device) : device_(device) {}

  struct Slot {
    std::string name;
    std::vector<int64_t> shape;
    at::Tensor value;  // undefined until written, and again after it was taken

    int64_t elements() const;
  };

  void declare(const std::string& name, std::vector<int64_t> shape);
  /// name.weight and name.bias of a layer that maps in to out values.
  void declare_linear(const std::string& name, int64_t in, int64_t out);
  /// name.weight and name.bias, one value each per channel.
  void declare_norm(const std::string& name, int64_t width);

  const std::vector<Slot>& all() const { return slots_; }

  /// Copies values (the slot's elements), which must be finite.
  void write(size_t index, const float* values);

  /// Throws DUOVOX_INVALID_STATE naming the first tensor that was not written.
  void require_written() const;

  /// Hands a tensor over, on the encoder's device; it can be taken once.
  at::Tensor take(const std::string& name);

 private:
  at::Device device_;
  std::vector<Slot> slots_;
};

/// A linear layer or a norm as a checkpoint stores it.
struct Affine {
  at::Tensor weight;
  at::Tensor bias;

  static Affine take(Weights& weights, const std::string& name);
};

}  // namespace duovox

#endif  // DUOVOX_SPEECH_WEIGHTS_H
