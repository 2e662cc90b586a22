// One tensor of a training's state, to be written down and to be gone on from.
#ifndef DUOVOX_TRAIN_STATE_H
#define DUOVOX_TRAIN_STATE_H

#include <ATen/ATen.h>

#include <functional>
#include <string>

namespace duovox {

struct StateTensor {
  std::string name;
  at::Tensor value;  // float32, float64 or int64, rank 1 to 4; only to be read
  /// Takes a tensor of value's type and shape on the host; throws DUOVOX_INVALID_ARGUMENT when it
  /// cannot be a state.
  std::function<void(const at::Tensor&)> write;
};

/// A state that is value's memory itself: finite, and at least least where that is given.
StateTensor live_state(const std::string& name, const at::Tensor& value);
StateTensor live_state(const std::string& name, const at::Tensor& value, double least);

}  // namespace duovox

#endif  // DUOVOX_TRAIN_STATE_H
