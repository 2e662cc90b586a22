// Running means of losses, kept on the device until somebody asks.
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

  /// What happened to a step, scalars on the device: floats 1 or 0, and the gradient's norm.
  struct Event {
    at::Tensor bad, spike, skip, norm;
  };

  /// What the meters hold after a step.
  struct Next {
    at::Tensor sums, predicted, expected;
  };

  /// Computes what a step leads to; changes nothing. A step with skip = 1 is in none of the means.
  /// @param step float64 scalar on the device, its number
  Next after(const Tally& tally, const Event& event, const at::Tensor& step) const;
  /// Takes what after() gave; nothing here allocates.
  void commit(const Next& next);
  /// Counts what was read, on the host.
  void count(int64_t units, int64_t targets);

  /// Waits for the device, gives the means since the last report and starts anew. NaN is what has
  /// no mean: nothing with a loss came, or all of it was skipped.
  duovox_train_report report();

  /// Throws DUOVOX_INVALID_ARGUMENT when values (kSums) cannot be the sums of a training of so many
  /// steps.
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

/// Replaces every mean but the gradient's norm by NaN: they would be those of a part only.
void forget_means(duovox_train_report& report);

/// Sum of counts (n) int64 on the host; entropy in nats and share of the most frequent, NaN when
/// the sum is 0.
struct Spread {
  double count = 0, entropy = 0, top = 0;
};
Spread spread(const at::Tensor& counts);

}  // namespace duovox

#endif  // DUOVOX_TRAIN_METERS_H
