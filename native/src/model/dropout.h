// Dropout whose masks are a pure function of (seed, step, call, place), so that a training can be
// repeated and resumed bit by bit and a batch can be cut into parts.
#ifndef DUOVOX_MODEL_DROPOUT_H
#define DUOVOX_MODEL_DROPOUT_H

#include <ATen/ATen.h>

#include <cstdint>
#include <vector>

#include "model/dropout_mask.h"

namespace torch::autograd {
struct AutogradContext;
}

namespace duovox {

/// The dropout of one pass through the model. Every call uses the next of the masks that (seed,
/// step) determine; within a mask, whether an element is kept depends only on its row, its position
/// in the row and its feature. Masks are computed where they are used, forward and again backward.
/// On devices other than the CPU, and with plain_operations(), masks come from libtorch's default
/// generator of the device, seeded here by seed, step and the first row of the part.
class Dropout {
 public:
  /// Evaluation mode: the identity.
  Dropout() = default;
  /// Training mode.
  /// @param device where the pass runs
  /// @param first_row place of the pass's row 0 among all rows of the step
  Dropout(double probability, uint64_t seed, int64_t step, at::Device device,
          int64_t first_row = 0);

  bool active() const { return probability_ > 0; }
  double probability() const { return probability_; }
  int64_t first_row() const { return first_row_; }

  /// Sets the rows of the following calls: row b has positions offsets[b] to offsets[b + 1] - 1.
  void lay_out(const std::vector<int64_t>& offsets);

  /// Returns x (N, width), in the rows of lay_out(), with each element zeroed with the probability
  /// and the others scaled by 1 / (1 - probability).
  at::Tensor operator()(const at::Tensor& x);
  /// The same plus residual (N, width), in one pass over memory.
  at::Tensor add(const at::Tensor& x, const at::Tensor& residual);
  /// The same for one vector per row: x (B, width).
  at::Tensor of_rows(const at::Tensor& x);

  /// Returns the mask of the next call, for kernels that apply it themselves.
  DropoutMask next();

 private:
  at::Tensor apply(const at::Tensor& x, const at::Tensor& residual, const at::Tensor& places);

  double probability_ = 0;
  uint64_t key_ = 0;
  int64_t first_row_ = 0;
  at::Tensor places_;  // (N) place() of each token, on the CPU
};

/// Stores the mask for the backward pass of an autograd function.
void save(const DropoutMask& mask, torch::autograd::AutogradContext& context);
/// Returns the mask that save() stored.
DropoutMask saved_mask(torch::autograd::AutogradContext& context);

}  // namespace duovox

#endif  // DUOVOX_MODEL_DROPOUT_H
