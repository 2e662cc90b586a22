// AdamW on float32 master weights with clipping by the global norm; never waits for the device.
#ifndef DUOVOX_TRAIN_OPTIMIZER_H
#define DUOVOX_TRAIN_OPTIMIZER_H

#include <ATen/ATen.h>
#include <duovox/duovox.h>

#include <string>
#include <vector>

#include "model/parameters.h"

namespace duovox {

/// Loshchilov and Hutter 2019; weight decay on all parameters except biases and norms. A step is: a
/// backward pass and collect() for each part, measure() once, update() once. Only update() changes
/// parameters and moments, so a failure before it leaves them as they were.
class Optimizer {
 public:
  /// A trained parameter with its moments.
  struct Slot {
    std::string name;
    at::Tensor value, compute;  // as in NamedTensor
    at::Tensor mean, variance;  // float32, shape of value
    at::Tensor gradient;        // float32 sum over the parts, where compute is a copy of value
    bool decay = false;
  };

  /// Norm and finiteness of the gradients of a step; scalars on the device.
  struct GradientCheck {
    at::Tensor norm;        // Euclidean, of all gradients together, before clipping
    at::Tensor not_finite;  // float 1 when the loss or a gradient is not finite, else 0
  };

  /// @param parameters the tensors to train
  Optimizer(const duovox_train_config& config, const std::vector<NamedTensor>& parameters);

  /// Call after the backward pass of each part: adds the gradients of copies to float32 sums.
  /// Gradients of the values themselves are already summed by the backward passes.
  void collect();

  /// Divides the gradients by the loss scale and measures them. @param loss scalar
  GradientCheck measure(const at::Tensor& loss, double loss_scale);

  /// Clips the gradients, updates values and moments unless skip (float, scalar) is 1, and drops
  /// the gradients. Does not refresh the copies that the passes use.
  /// @param rate learning rate; replaced by rate_on_device (float, scalar) where that is defined
  void update(const GradientCheck& check, const at::Tensor& skip, double rate,
              const at::Tensor& rate_on_device = {});

  void drop_gradients();

  const std::vector<Slot>& slots() const { return slots_; }
  /// Number of updates, for the bias correction: (1) float32, on the device because skipped steps
  /// do not count.
  const at::Tensor& steps() const { return steps_; }

 private:
  struct Lists {
    std::vector<at::Tensor> values, gradients, means, variances, steps;
  };

  static bool has_copy(const Slot& slot) { return !slot.compute.is_same(slot.value); }
  static at::Tensor gradient_of(const Slot& slot);
  std::vector<at::Tensor> gradients() const;
  Lists lists(bool decay) const;
  void adamw(Lists& lists, double decay, const at::Tensor& skip, double rate,
             const at::Tensor& rate_on_device) const;

  duovox_train_config config_;
  std::vector<Slot> slots_;
  at::Tensor steps_;
};

/// Scales gradients in place so that their norm is at most clip; 0 = no clipping.
void clip_gradients(const std::vector<at::Tensor>& gradients, const at::Tensor& norm, double clip);

/// Euclidean norm of all gradients together: a scalar on the device.
at::Tensor global_norm(const std::vector<at::Tensor>& gradients);

}  // namespace duovox

#endif  // DUOVOX_TRAIN_OPTIMIZER_H
