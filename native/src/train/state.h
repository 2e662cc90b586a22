// One tensor of a training's state: how it is saved, and how a training goes on from it.
#ifndef DUOVOX_TRAIN_STATE_H
#define DUOVOX_TRAIN_STATE_H

#include <ATen/ATen.h>

#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <vector>

namespace duovox {

struct StateTensor {
  std::string name;
  at::ScalarType type = at::kFloat;  // float32, float64 or int64
  std::vector<int64_t> shape;        // rank 1 to 4
  /// The values now; only to be read, before the next step.
  std::function<at::Tensor()> read;
  /// Takes a tensor of this type and shape on the host; throws DUOVOX_INVALID_ARGUMENT when it
  /// cannot be a state.
  std::function<void(const at::Tensor&)> write;

  int64_t elements() const;
};

/// Which finite values a tensor of a state can have.
struct StateLimits {
  double least = -std::numeric_limits<double>::infinity();
  double most = std::numeric_limits<double>::infinity();
  bool whole = false;
};

/// Counts are kept as float64 too: up to here those are exact.
inline constexpr double kMostCounted = 0x1p53;
inline constexpr StateLimits kCount{0, kMostCounted, true};

/// Throws DUOVOX_INVALID_ARGUMENT naming the value that is not finite or not within limits.
void require_state_values(const std::string& name, const at::Tensor& values,
                          const StateLimits& limits);

using StateCheck = std::function<void(const std::string& name, const at::Tensor& values)>;

/// A state that is value's memory itself, written after check.
StateTensor live_state(const std::string& name, const at::Tensor& value, StateCheck check);
StateTensor live_state(const std::string& name, const at::Tensor& value,
                       const StateLimits& limits = {});

}  // namespace duovox

#endif  // DUOVOX_TRAIN_STATE_H
