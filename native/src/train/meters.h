// Means of losses and counts of predictions since the last report, kept on the device until then.
#ifndef DUOVOX_TRAIN_METERS_H
#define DUOVOX_TRAIN_METERS_H

#include <ATen/ATen.h>
#include <duovox/duovox.h>

#include <array>
#include <cstdint>
#include <string>

#include "train/tally.h"

namespace duovox {

class Meters {
 public:
  /// @param codes how many codes (or classes) can be predicted
  Meters(at::Device device, int64_t codes);

  /// The outcome of a step, scalars on the device: flags (float 1 or 0) and the gradient norm.
  struct Event {
    at::Tensor not_finite, spike, skip, norm;
  };

  /// The contents of the meters after a step.
  struct Contents {
    at::Tensor sums, predicted, expected;
  };

  /// Computes the contents after a step; changes nothing. A step with skip = 1 is in none of the
  /// means. @param step its number, a float64 scalar on the device
  Contents after(const Tally& tally, const Event& event, const at::Tensor& step) const;
  /// Stores the result of after(); allocates nothing.
  void commit(const Contents& next);
  /// Adds to the counts of units and targets, which are kept on the host.
  void count(int64_t units, int64_t targets);

  /// Waits for the device, returns the means since the last report and clears the meters. A mean
  /// over nothing (no targets, or all steps skipped) is NaN.
  duovox_train_report report();

  /// Throws DUOVOX_INVALID_ARGUMENT when values (kSums) cannot be the sums of a training with this
  /// number of steps.
  static void check_sums(const std::string& name, const at::Tensor& values, double steps);

  /// (kSums) float64 sums, and (codes) int64 counts of predicted and true codes.
  const at::Tensor& sums() const { return sums_; }
  const at::Tensor& predicted() const { return predicted_; }
  const at::Tensor& expected() const { return expected_; }
  /// Units and targets since the last report.
  std::array<int64_t, 2> counts() const { return {units_, targets_}; }
  void set_counts(const std::array<int64_t, 2>& counts);

 private:
  void clear();

  at::Tensor sums_, predicted_, expected_;
  int64_t units_ = 0, targets_ = 0;
};

/// Sets every mean except the gradient norm to NaN, for a report where some batches have no loss.
void clear_means(duovox_train_report& report);

/// How counts are distributed over codes.
struct Spread {
  double count = 0;    // sum of all counts
  double entropy = 0;  // in nats; NaN when count is 0
  double top = 0;      // share of the most frequent code; NaN when count is 0
};
/// @param counts (n) int64 on the host
Spread spread(const at::Tensor& counts);

}  // namespace duovox

#endif  // DUOVOX_TRAIN_METERS_H
