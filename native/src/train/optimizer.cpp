// See optimizer.h. Uses the fused kernels of libtorch, which take the flag "not finite" as a
// tensor.
#include "train/optimizer.h"

namespace duovox {

at::Tensor global_norm(const std::vector<at::Tensor>& gradients) {
  return at::stack(at::_foreach_norm(gradients)).norm();
}

void clip_gradients(const std::vector<at::Tensor>& gradients, const at::Tensor& norm, double clip) {
  if (clip <= 0) return;
  at::_foreach_mul_(gradients, (clip / (norm + 1e-6)).clamp_max_(1));
}

void Optimizer::Group::add(const at::Tensor& parameter) {
  parameters.push_back(parameter);
  means.push_back(at::zeros_like(parameter));
  variances.push_back(at::zeros_like(parameter));
}

Optimizer::Optimizer(const duovox_train_config& config, const std::vector<NamedTensor>& parameters)
    : config_(config) {
  const at::NoGradGuard no_grad;
  decayed_.decay = config.weight_decay;
  for (const NamedTensor& parameter : parameters) {
    (parameter.decay ? decayed_ : plain_).add(parameter.value);
  }
  steps_ = at::zeros({}, parameters.at(0).value.options().dtype(at::kFloat));
}

std::vector<at::Tensor> Optimizer::gradients() const {
  std::vector<at::Tensor> found;
  for (const Group* group : {&decayed_, &plain_}) {
    for (const at::Tensor& parameter : group->parameters) {
      if (parameter.grad().defined()) found.push_back(parameter.grad());
    }
  }
  return found;
}

void Optimizer::drop_gradients() {
  for (Group* group : {&decayed_, &plain_}) {
    for (at::Tensor& parameter : group->parameters) parameter.mutable_grad() = at::Tensor();
  }
}

Optimizer::Result Optimizer::step(const at::Tensor& loss, double learning_rate) {
  const at::NoGradGuard no_grad;
  const std::vector<at::Tensor> all = gradients();
  const at::Tensor norm = global_norm(all);
  const at::Tensor bad =
      at::isfinite(norm).logical_and(at::isfinite(loss)).logical_not().to(at::kFloat);
  clip_gradients(all, norm, config_.clip);
  steps_.add_(1 - bad);
  update(decayed_, learning_rate, bad);
  update(plain_, learning_rate, bad);
  drop_gradients();
  return {norm, bad};
}

void Optimizer::update(Group& group, double learning_rate, const at::Tensor& bad) const {
  std::vector<at::Tensor> parameters, gradients, means, variances;
  for (size_t i = 0; i < group.parameters.size(); ++i) {
    const at::Tensor& gradient = group.parameters[i].grad();
    if (!gradient.defined()) continue;  // not reached by this batch's losses
    parameters.push_back(group.parameters[i]);
    gradients.push_back(gradient);
    means.push_back(group.means[i]);
    variances.push_back(group.variances[i]);
  }
  if (parameters.empty()) return;
  const std::vector<at::Tensor> steps(parameters.size(), steps_);
  at::_fused_adamw_(parameters, gradients, means, variances, {}, steps, learning_rate,
                    config_.beta1, config_.beta2, group.decay, config_.epsilon, false, false, {},
                    bad);
}

}  // namespace duovox
