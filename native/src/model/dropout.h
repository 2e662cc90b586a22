// Dropout whose masks are a pure function of (seed, step): a training can be repeated and resumed
// bit by bit.
#ifndef DUOVOX_MODEL_DROPOUT_H
#define DUOVOX_MODEL_DROPOUT_H

#include <ATen/ATen.h>

#include <cstdint>

namespace duovox {

/// The dropout of one pass through the model. Every call uses the next of the masks that (seed,
/// step) determine. On the CPU masks come from a counter-based generator, the same for every thread
/// count and 30 times faster than libtorch's serial one; on other devices from libtorch's default
/// generator of the device, seeded here.
class Dropout {
 public:
  /// Evaluation mode: the identity.
  Dropout() = default;
  /// Training mode. @param device where the pass runs
  Dropout(double probability, uint64_t seed, int64_t step, at::Device device);

  bool active() const { return probability_ > 0; }
  double probability() const { return probability_; }

  /// x with elements zeroed with the probability, and the others scaled by 1 / (1 - probability).
  at::Tensor operator()(const at::Tensor& x);

 private:
  double probability_ = 0;
  uint64_t key_ = 0;
};

}  // namespace duovox

#endif  // DUOVOX_MODEL_DROPOUT_H
