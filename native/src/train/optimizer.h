// AdamW with clipping by the global norm, without a word between device and host.
#ifndef DUOVOX_TRAIN_OPTIMIZER_H
#define DUOVOX_TRAIN_OPTIMIZER_H

#include <ATen/ATen.h>
#include <duovox/duovox.h>

#include <vector>

#include "model/parameters.h"

namespace duovox {

/// Loshchilov and Hutter 2019; one group with weight decay and one without (biases, norms).
class Optimizer {
 public:
  /// @param parameters what is trained
  Optimizer(const duovox_train_config& config, const std::vector<NamedTensor>& parameters);

  /// What a step found out; scalars on the device.
  struct Result {
    at::Tensor norm;  // of the gradient before clipping
    at::Tensor bad;   // 1 when loss or gradient was not finite and nothing was changed, else 0
  };

  /// Clips the gradients, updates the parameters and drops the gradients. When loss or a gradient
  /// is not finite, parameters and moments stay as they were.
  Result step(const at::Tensor& loss, double learning_rate);

 private:
  struct Group {
    double decay = 0;
    std::vector<at::Tensor> parameters, means, variances;
    void add(const at::Tensor& parameter);
  };

  void update(Group& group, double learning_rate, const at::Tensor& bad) const;
  std::vector<at::Tensor> gradients() const;
  void drop_gradients();

  duovox_train_config config_;
  Group decayed_, plain_;
  at::Tensor
      steps_;  // taken, for the bias correction; on the device because skipped steps do not count
};

/// Scales gradients in place so that their norm is at most clip; 0 = leave them.
void clip_gradients(const std::vector<at::Tensor>& gradients, const at::Tensor& norm, double clip);

/// Euclidean norm of all gradients together: a scalar on the device.
at::Tensor global_norm(const std::vector<at::Tensor>& gradients);

}  // namespace duovox

#endif  // DUOVOX_TRAIN_OPTIMIZER_H
