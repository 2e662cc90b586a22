// See meters.h. Losses are weighted by their number of positions, so that a mean is over all
// positions.
#include "train/meters.h"

#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "error.h"
#include "train/state.h"

namespace duovox {
namespace {

/// Indices into the sums; those of Tally come first.
enum Sum : int64_t {
  kNorm = Tally::kSums,
  kTargets,  // targets of the steps that count for the means
  kBatches,  // number of these steps
  kNotFinite,
  kSpikes,
  kFirstNotFinite,
  kFirstSpike,
  kSums
};

constexpr double kNever = 1e18;
constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

/// Returns counts plus one for each element of codes; unchanged where skip is 1.
at::Tensor add_counts(const at::Tensor& counts, const at::Tensor& codes, const at::Tensor& skip) {
  const at::Tensor one = (skip == 0).to(at::kLong).expand(codes.sizes());
  return counts.scatter_add(0, codes, one);
}

int64_t step_or_none(double first) { return first >= kNever ? 0 : static_cast<int64_t>(first); }

double mean(double sum, double count) { return count > 0 ? sum / count : kNone; }

}  // namespace

Meters::Meters(at::Device device, int64_t codes)
    : sums_(at::empty({kSums}, at::TensorOptions(device).dtype(at::kDouble))),
      predicted_(at::zeros({codes}, at::TensorOptions(device).dtype(at::kLong))),
      expected_(at::zeros_like(predicted_)) {
  clear();
}

void Meters::clear() {
  sums_.zero_();
  sums_.narrow(0, kFirstNotFinite, 2).fill_(kNever);
  predicted_.zero_();
  expected_.zero_();
  units_ = targets_ = 0;
}

Meters::Contents Meters::after(const Tally& tally, const Event& event,
                               const at::Tensor& step) const {
  const at::NoGradGuard no_grad;
  const at::Tensor targets = at::full_like(step, static_cast<double>(tally.count()));
  const at::Tensor in_means = at::cat(
      {tally.sums(), at::stack({event.norm.to(at::kDouble), targets, at::ones_like(step)})});
  const at::Tensor added =
      at::cat({at::where(event.skip == 0, in_means, at::zeros_like(in_means)),
               at::stack({event.not_finite.to(at::kDouble), event.spike.to(at::kDouble)})});
  const at::Tensor never = at::full_like(step, kNever);
  const at::Tensor first = at::stack(
      {at::where(event.not_finite == 0, never, step), at::where(event.spike == 0, never, step)});
  Contents next;
  next.sums = at::cat({sums_.narrow(0, 0, kFirstNotFinite) + added,
                       at::minimum(sums_.narrow(0, kFirstNotFinite, 2), first)});
  if (tally.has_codes()) {
    next.predicted = add_counts(predicted_, tally.predicted(), event.skip);
    next.expected = add_counts(expected_, tally.expected(), event.skip);
  }
  return next;
}

void Meters::commit(const Contents& next) {
  sums_.copy_(next.sums);
  if (next.predicted.defined()) {
    predicted_.copy_(next.predicted);
    expected_.copy_(next.expected);
  }
}

void Meters::check_sums(const std::string& name, const at::Tensor& values, double steps) {
  require_state_values(name, values, {});
  for (const int64_t i : {int64_t{Tally::kHits}, int64_t{kTargets}, int64_t{kBatches},
                          int64_t{kNotFinite}, int64_t{kSpikes}}) {
    require_state_values(c10::str(name, "[", i, "]"), values[i], kCount);
  }
  for (const int64_t i : {int64_t{kFirstNotFinite}, int64_t{kFirstSpike}}) {
    if (values[i].item<double>() == kNever) continue;
    require_state_values(c10::str(name, "[", i, "]"), values[i], {0, steps, true});
  }
}

void Meters::count(int64_t units, int64_t targets) {
  units_ += units;
  targets_ += targets;
}

void Meters::set_counts(const std::array<int64_t, 2>& counts) {
  units_ = counts[0];
  targets_ = counts[1];
}

duovox_train_report Meters::report() {
  // A copy even on the CPU: clear() overwrites the sums before the report is returned.
  const at::Tensor host = sums_.to(at::kCPU, at::kDouble, false, true);
  const Spread predicted = spread(predicted_.cpu()), expected = spread(expected_.cpu());
  const double* sum = host.const_data_ptr<double>();
  const double count = sum[kTargets];
  duovox_train_report report{};
  report.units = units_;
  report.targets = targets_;
  report.loss = mean(sum[Tally::kLoss], count);
  report.mcp = mean(sum[Tally::kMcp], count);
  report.mcr = mean(sum[Tally::kMcr], count);
  report.accuracy = predicted.count > 0 ? mean(sum[Tally::kHits], count) : kNone;
  report.gradient_norm = mean(sum[kNorm], sum[kBatches]);
  report.skipped = static_cast<int64_t>(sum[kNotFinite]);
  report.first_skipped = step_or_none(sum[kFirstNotFinite]);
  report.spikes = static_cast<int64_t>(sum[kSpikes]);
  report.first_spike = step_or_none(sum[kFirstSpike]);
  report.predicted_entropy = predicted.entropy;
  report.predicted_top = predicted.top;
  report.target_entropy = expected.entropy;
  report.target_top = expected.top;
  clear();
  return report;
}

void clear_means(duovox_train_report& report) {
  report.loss = report.mcp = report.mcr = report.accuracy = kNone;
  report.predicted_entropy = report.predicted_top = kNone;
  report.target_entropy = report.target_top = kNone;
}

Spread spread(const at::Tensor& counts) {
  const auto* count = counts.const_data_ptr<int64_t>();
  double total = 0, most = 0, weighted = 0;
  for (int64_t i = 0; i < counts.numel(); ++i) {
    const auto n = static_cast<double>(count[i]);
    if (n == 0) continue;
    total += n;
    most = std::max(most, n);
    weighted += n * std::log(n);
  }
  if (total == 0) return {0, kNone, kNone};
  return {total, std::max(0.0, std::log(total) - weighted / total), most / total};
}

}  // namespace duovox
