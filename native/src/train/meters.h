// Running means of losses, kept on the device until somebody asks.
#ifndef DUOVOX_TRAIN_METERS_H
#define DUOVOX_TRAIN_METERS_H

#include <ATen/ATen.h>
#include <duovox/duovox.h>

#include <cstdint>

#include "train/objective.h"

namespace duovox {

class Meters {
 public:
  explicit Meters(at::Device device);

  /// Adds a batch; norm (of the gradient) and bad (1 when not finite) are scalars on the device.
  void add(const Outcome& outcome, int64_t step, const at::Tensor& norm, const at::Tensor& bad);
  /// Adds a batch without a position that has a loss.
  void add_units(int64_t units) { units_ += units; }

  /// Waits for the device, gives the means since the last report and starts anew. Throws
  /// DUOVOX_DIVERGED, naming the first step, when a batch was not finite.
  duovox_train_report report(int64_t step, double learning_rate);

 private:
  void clear();

  at::Tensor sums_;  // (kSums) float64
  int64_t units_ = 0, targets_ = 0, batches_ = 0;
};

}  // namespace duovox

#endif  // DUOVOX_TRAIN_METERS_H
