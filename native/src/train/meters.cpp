// See meters.h. Losses are weighted by the number of positions, so that a mean is that over all
// positions.
#include "train/meters.h"

#include <algorithm>

#include "error.h"

namespace duovox {
namespace {

enum Sum : int64_t { kLoss, kMcp, kMcr, kHits, kNorm, kBad, kFirstBad, kSums };

constexpr double kNever = 1e18;

}  // namespace

Meters::Meters(at::Device device)
    : sums_(at::empty({kSums}, at::TensorOptions(device).dtype(at::kDouble))) {
  clear();
}

void Meters::clear() {
  sums_.zero_();
  sums_[kFirstBad].fill_(kNever);
  units_ = targets_ = batches_ = 0;
}

void Meters::add(const Outcome& outcome, int64_t step, const at::Tensor& norm,
                 const at::Tensor& bad) {
  const at::NoGradGuard no_grad;
  const auto count = static_cast<double>(outcome.count);
  const at::Tensor added =
      at::stack({outcome.loss.to(at::kDouble) * count, outcome.mcp.to(at::kDouble) * count,
                 outcome.mcr.to(at::kDouble) * count, outcome.hits.to(at::kDouble),
                 norm.to(at::kDouble), bad.to(at::kDouble)});
  sums_.narrow(0, 0, kFirstBad).add_(added);
  at::Tensor first = sums_[kFirstBad];
  first.copy_(at::where(bad > 0, first.clamp_max(static_cast<double>(step)), first));
  units_ += outcome.units;
  targets_ += outcome.count;
  ++batches_;
}

duovox_train_report Meters::report(int64_t step, double learning_rate) {
  // A copy also on the CPU, where the sums are cleared before they are looked at.
  const at::Tensor host = sums_.to(at::kCPU, at::kDouble, false, true);
  const double* sum = host.const_data_ptr<double>();
  const double count = std::max<double>(1, static_cast<double>(targets_));
  duovox_train_report report{};
  report.step = step;
  report.units = units_;
  report.targets = targets_;
  report.loss = sum[kLoss] / count;
  report.mcp = sum[kMcp] / count;
  report.mcr = sum[kMcr] / count;
  report.accuracy = sum[kHits] / count;
  report.learning_rate = learning_rate;
  report.gradient_norm = sum[kNorm] / std::max<double>(1, static_cast<double>(batches_));
  const int64_t batches = batches_;
  clear();
  if (sum[kBad] > 0) {
    throw Error(
        DUOVOX_DIVERGED,
        c10::str("loss or gradient is not finite at step ", static_cast<int64_t>(sum[kFirstBad]),
                 " (", static_cast<int64_t>(sum[kBad]), " of ", batches,
                 " batches since the last report, their updates skipped)"));
  }
  return report;
}

}  // namespace duovox
