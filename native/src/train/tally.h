// Sums of losses and lists of predictions over the parts of one batch.
#ifndef DUOVOX_TRAIN_TALLY_H
#define DUOVOX_TRAIN_TALLY_H

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <cstdint>
#include <vector>

#include "train/objective.h"

namespace duovox {

/// Kept on the device; never waits for it.
class Tally {
 public:
  enum Sum : int64_t { kLoss, kMcp, kMcr, kHits, kSums };

  /// @param outcome its count must be above 0
  void add(const Outcome& outcome) {
    const at::NoGradGuard no_grad;
    const auto count = static_cast<double>(outcome.count);
    const at::Tensor added =
        at::stack({outcome.loss.detach().to(at::kDouble) * count,
                   outcome.mcp.detach().to(at::kDouble) * count,
                   outcome.mcr.detach().to(at::kDouble) * count, outcome.hits.to(at::kDouble)});
    sums_ = sums_.defined() ? sums_ + added : added;
    count_ += outcome.count;
    if (!outcome.predicted.defined()) return;
    predicted_.push_back(outcome.predicted);
    expected_.push_back(outcome.expected);
  }

  /// Positions or utterances with a loss.
  int64_t count() const { return count_; }
  /// (kSums) float64.
  const at::Tensor& sums() const { return sums_; }
  /// Mean loss: float64, scalar.
  at::Tensor loss() const { return sums_[kLoss] / static_cast<double>(count_); }

  bool has_codes() const { return !predicted_.empty(); }
  /// (count) codes or classes predicted most likely, and the true ones.
  at::Tensor predicted() const { return at::cat(predicted_); }
  at::Tensor expected() const { return at::cat(expected_); }

 private:
  at::Tensor sums_;
  std::vector<at::Tensor> predicted_, expected_;
  int64_t count_ = 0;
};

}  // namespace duovox

#endif  // DUOVOX_TRAIN_TALLY_H
