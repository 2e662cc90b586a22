// Detects loss spikes, losses far above their running mean, on the device.
#ifndef DUOVOX_TRAIN_SPIKES_H
#define DUOVOX_TRAIN_SPIKES_H

#include <ATen/ATen.h>
#include <duovox/duovox.h>

#include <string>

namespace duovox {

/// Keeps a running mean and variance of the loss: over all steps for the first hundred, then
/// exponentially weighted with kDecay per step. After config.spike_warmup steps, a loss is a spike
/// when it lies more than config.spike_threshold standard deviations above the mean. A spike enters
/// the statistics as if it lay exactly at that limit, so that one outlier does not hide the next
/// and a lasting change of level is learned.
class Spikes {
 public:
  static constexpr double kDecay = 0.99;
  static constexpr double kMinDeviation =
      1e-6;  // relative to the mean (at least 1): less is rounding

  Spikes(const duovox_train_config& config, at::Device device);

  struct Verdict {
    at::Tensor spike;  // float 1 or 0, scalar
    at::Tensor skip;   // the same where config.spike_skip is on, else 0
    at::Tensor next;   // the state after this loss
  };

  /// @param loss float64, scalar
  /// @param not_finite float 1 when the loss is not finite and must not count
  Verdict judge(const at::Tensor& loss, const at::Tensor& not_finite) const;
  void commit(const Verdict& verdict) { state_.copy_(verdict.next); }

  /// (3) float64: mean, variance, number of losses.
  const at::Tensor& state() const { return state_; }
  /// Throws DUOVOX_INVALID_ARGUMENT for values (3) that cannot be a state.
  static void check(const std::string& name, const at::Tensor& values);

 private:
  double threshold_, warmup_;
  bool skip_;
  at::Tensor state_;
};

}  // namespace duovox

#endif  // DUOVOX_TRAIN_SPIKES_H
