// One tensor of the state that a checkpoint saves and a resumed training restores.
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
  /// Returns the current values; read-only, valid until the next step.
  std::function<at::Tensor()> read;
  /// Restores the values from a tensor of this type and shape on the host. Throws
  /// DUOVOX_INVALID_ARGUMENT for values that no training can have.
  std::function<void(const at::Tensor&)> write;

  int64_t elements() const;
};

/// The range of the values of a state tensor; all of them are finite.
struct StateLimits {
  double min = -std::numeric_limits<double>::infinity();
  double max = std::numeric_limits<double>::infinity();
  bool whole = false;  // whole numbers only
};

/// Some counts are kept as float64, which is exact up to here.
inline constexpr double kMaxCount = 0x1p53;
inline constexpr StateLimits kCount{0, kMaxCount, true};

/// Throws DUOVOX_INVALID_ARGUMENT naming a value that is not finite or not within limits.
void require_state_values(const std::string& name, const at::Tensor& values,
                          const StateLimits& limits);

using StateCheck = std::function<void(const std::string& name, const at::Tensor& values)>;

/// A state tensor that shares value's memory; write() runs check before it copies.
StateTensor live_state(const std::string& name, const at::Tensor& value, StateCheck check);
StateTensor live_state(const std::string& name, const at::Tensor& value,
                       const StateLimits& limits = {});

}  // namespace duovox

#endif  // DUOVOX_TRAIN_STATE_H
