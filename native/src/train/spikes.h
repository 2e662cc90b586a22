// Finds losses that leap above what the last steps led one to expect, on the device.
#ifndef DUOVOX_TRAIN_SPIKES_H
#define DUOVOX_TRAIN_SPIKES_H

#include <ATen/ATen.h>
#include <duovox/duovox.h>

#include <string>

namespace duovox {

/// Running mean and variance of the loss: over all steps at first, exponential with kDecay a step
/// from the hundredth on. A loss is a spike when it lies config.spike_threshold standard deviations
/// above the mean, after config.spike_warmup steps. A spike enters the statistics as if it lay
/// right at that limit: one outlier does not hide the next, and a lasting change of level is
/// learned.
class Spikes {
 public:
  static constexpr double kDecay = 0.99;
  static constexpr double kLeastDeviation = 1e-6;  // of the mean (or of 1): below it is rounding

  Spikes(const duovox_train_config& config, at::Device device);

  struct Verdict {
    at::Tensor spike;  // float 1 or 0, scalar
    at::Tensor skip;   // the same where config.spike_skip is on, else 0
    at::Tensor next;   // the state after this loss
  };

  /// @param loss float64, scalar @param bad float 1 when it is not to be counted (not finite)
  Verdict judge(const at::Tensor& loss, const at::Tensor& bad) const;
  void commit(const Verdict& verdict) { state_.copy_(verdict.next); }

  /// (3) float64: mean, variance, losses seen.
  const at::Tensor& state() const { return state_; }
  /// Throws DUOVOX_INVALID_ARGUMENT when values (3) cannot be a state.
  static void check(const std::string& name, const at::Tensor& values);

 private:
  double threshold_, warmup_;
  bool skip_;
  at::Tensor state_;
};

}  // namespace duovox

#endif  // DUOVOX_TRAIN_SPIKES_H
