// See optimizer.h. Uses the fused kernels of libtorch, which take the flag "skip" as a tensor.
#include "train/optimizer.h"

#include <ATen/core/grad_mode.h>

namespace duovox {

at::Tensor global_norm(const std::vector<at::Tensor>& gradients) {
  return at::stack(at::_foreach_norm(gradients)).norm();
}

void clip_gradients(const std::vector<at::Tensor>& gradients, const at::Tensor& norm, double clip) {
  if (clip <= 0) return;
  at::_foreach_mul_(gradients, (clip / (norm + 1e-6)).clamp_max_(1));
}

Optimizer::Optimizer(const duovox_train_config& config, const std::vector<NamedTensor>& parameters)
    : config_(config) {
  const at::NoGradGuard no_grad;
  for (const NamedTensor& p : parameters) {
    slots_.push_back({p.name, p.value, p.compute.defined() ? p.compute : p.value,
                      at::zeros_like(p.value), at::zeros_like(p.value), at::Tensor(), p.decay});
  }
  steps_ = at::zeros({1}, parameters.at(0).value.options().dtype(at::kFloat).requires_grad(false));
}

at::Tensor Optimizer::gradient_of(const Slot& slot) {
  return has_copy(slot) ? slot.gradient : slot.value.grad();
}

std::vector<at::Tensor> Optimizer::gradients() const {
  std::vector<at::Tensor> gradients;
  for (const Slot& slot : slots_) {
    const at::Tensor gradient = gradient_of(slot);
    if (gradient.defined()) gradients.push_back(gradient);
  }
  return gradients;
}

void Optimizer::collect() {
  const at::NoGradGuard no_grad;
  std::vector<at::Tensor> sums, fresh, arrived;  // arrived[i] is added to sums[i]
  for (Slot& slot : slots_) {
    if (!has_copy(slot) || !slot.compute.grad().defined()) continue;
    arrived.push_back(slot.compute.grad());
    fresh.push_back(at::empty_like(slot.value));
    slot.compute.mutable_grad() = at::Tensor();
    if (!slot.gradient.defined()) {
      slot.gradient = fresh.back();
      sums.emplace_back();
    } else {
      sums.push_back(slot.gradient);
    }
  }
  if (arrived.empty()) return;
  at::_foreach_copy_(fresh, arrived);
  std::vector<at::Tensor> into, added;
  for (size_t i = 0; i < sums.size(); ++i) {
    if (!sums[i].defined()) continue;  // the first part: the copy is the sum
    into.push_back(sums[i]);
    added.push_back(fresh[i]);
  }
  if (!into.empty()) at::_foreach_add_(into, added);
}

Optimizer::GradientCheck Optimizer::measure(const at::Tensor& loss, double loss_scale) {
  const at::NoGradGuard no_grad;
  const std::vector<at::Tensor> all = gradients();
  at::Tensor overflow = at::zeros_like(steps_);
  if (loss_scale != 1) {
    const at::Tensor inverse = at::full_like(steps_, 1 / loss_scale);
    at::_amp_foreach_non_finite_check_and_unscale_(all, overflow, inverse);
  }
  const at::Tensor norm = all.empty() ? at::zeros_like(overflow).squeeze(0) : global_norm(all);
  const at::Tensor finite =
      at::isfinite(norm).logical_and(at::isfinite(loss)).logical_and(overflow.squeeze(0) == 0);
  return {norm, finite.logical_not().to(at::kFloat)};
}

void Optimizer::update(const GradientCheck& check, const at::Tensor& skip, double rate,
                       const at::Tensor& rate_on_device) {
  const at::NoGradGuard no_grad;
  // Everything that allocates comes first, so that running out of memory changes nothing.
  Lists decayed = lists(true), plain = lists(false);
  const at::Tensor counted = 1 - skip;
  clip_gradients(gradients(), check.norm, config_.clip);
  steps_.add_(counted);
  adamw(decayed, config_.weight_decay, skip, rate, rate_on_device);
  adamw(plain, 0, skip, rate, rate_on_device);
  drop_gradients();
}

Optimizer::Lists Optimizer::lists(bool decay) const {
  Lists lists;
  const at::Tensor steps = steps_.squeeze(0);
  for (const Slot& slot : slots_) {
    const at::Tensor gradient = gradient_of(slot);
    if (slot.decay != decay || !gradient.defined()) continue;  // or the losses do not depend on it
    lists.values.push_back(slot.value);
    lists.gradients.push_back(gradient);
    lists.means.push_back(slot.mean);
    lists.variances.push_back(slot.variance);
    lists.steps.push_back(steps);
  }
  return lists;
}

void Optimizer::adamw(Lists& l, double decay, const at::Tensor& skip, double rate,
                      const at::Tensor& rate_on_device) const {
  if (l.values.empty()) return;
  if (rate_on_device.defined()) {
    at::_fused_adamw_(l.values, l.gradients, l.means, l.variances, {}, l.steps, rate_on_device,
                      config_.beta1, config_.beta2, decay, config_.epsilon, false, false, {}, skip);
  } else {
    at::_fused_adamw_(l.values, l.gradients, l.means, l.variances, {}, l.steps, rate, config_.beta1,
                      config_.beta2, decay, config_.epsilon, false, false, {}, skip);
  }
}

void Optimizer::drop_gradients() {
  for (Slot& slot : slots_) {
    slot.gradient = at::Tensor();
    slot.compute.mutable_grad() = at::Tensor();
  }
}

}  // namespace duovox
