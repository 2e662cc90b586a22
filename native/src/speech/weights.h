// The named tensors of an encoder's checkpoint: declared by the encoder, written by the caller,
// taken by the encoder when it is sealed.
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
  /// Declares name.weight (out, in) and name.bias (out).
  void declare_linear(const std::string& name, int64_t in, int64_t out);
  /// Declares name.weight and name.bias, both (width).
  void declare_norm(const std::string& name, int64_t width);

  const std::vector<Slot>& all() const { return slots_; }

  /// Copies values (the slot's elements), which must be finite.
  void write(size_t index, const float* values);

  /// Throws DUOVOX_INVALID_STATE naming the first tensor that was not written.
  void require_written() const;

  /// Returns a tensor on the encoder's device and gives up its ownership: each can be taken once.
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
