// See spikes.h. Exponentially weighted mean and variance after West 1979.
#include "train/spikes.h"

#include <ATen/core/grad_mode.h>

#include "train/state.h"

namespace duovox {

Spikes::Spikes(const duovox_train_config& config, at::Device device)
    : threshold_(config.spike_threshold),
      warmup_(config.spike_warmup),
      skip_(config.spike_skip != 0),
      state_(at::zeros({3}, at::TensorOptions(device).dtype(at::kDouble))) {}

Spikes::Verdict Spikes::judge(const at::Tensor& loss, const at::Tensor& not_finite) const {
  const at::NoGradGuard no_grad;
  const at::Tensor off = at::zeros_like(not_finite);
  if (threshold_ == 0) return {off, off, state_};
  const at::Tensor mean = state_[0], variance = state_[1], seen = state_[2];
  const at::Tensor min_deviation = mean.abs().clamp_min(1) * kMinDeviation;
  const at::Tensor limit = mean + at::maximum(variance.sqrt(), min_deviation) * threshold_;
  // Even without a warm-up, the first loss has no mean to compare with.
  const at::Tensor trusted = seen >= std::max(1.0, warmup_);
  const at::Tensor spike = (loss > limit).logical_and(trusted).logical_and(not_finite == 0);
  const at::Tensor counted = at::where(spike, limit, loss);
  const at::Tensor weight = seen.add(1).reciprocal().clamp_min(1 - kDecay);
  const at::Tensor deviation = counted - mean;
  const at::Tensor next =
      at::stack({mean + weight * deviation,
                 (1 - weight) * (variance + weight * deviation * deviation), seen + 1});
  const at::Tensor flag = spike.to(at::kFloat);
  return {flag, skip_ ? flag : off, at::where(not_finite == 0, next, state_)};
}

void Spikes::check(const std::string& name, const at::Tensor& values) {
  require_state_values(name, values, {});
  require_state_values(name + "[1]", values[1], {0});
  require_state_values(name + "[2]", values[2], kCount);
}

}  // namespace duovox
