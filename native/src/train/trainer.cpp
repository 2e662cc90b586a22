// The training step: forward and backward passes over the parts of a batch, the update, the meters.
// It never waits for the device, except for the flag "not finite" in float16.
#include "train/trainer.h"

#include <ATen/core/grad_mode.h>

#include <algorithm>

#include "device.h"
#include "error.h"
#include "model/config.h"
#include "train/schedule.h"

namespace duovox {
namespace {

std::vector<NamedTensor> trained_tensors(const UnitModel& model, const Objective& objective) {
  std::vector<NamedTensor> trained;
  for (const NamedTensor& tensor : model.parameters().all()) {
    if (tensor.trainable && objective.trains(tensor.name)) trained.push_back(tensor);
  }
  return trained;
}

/// How many codes or classes can be predicted.
int64_t codes_of(const duovox_model_config& model, const Objective& objective) {
  return objective.purpose() == Purpose::kClassify ? model.classes : predicted_units(model);
}

}  // namespace

Trainer::Trainer(UnitModel& model, const duovox_train_config& config,
                 std::unique_ptr<StepRunner> runner)
    : model_(model),
      config_(config),
      runner_(std::move(runner)),
      objective_(config, model),
      optimizer_(config, trained_tensors(model, objective_)),
      scaler_(config, model.config().precision),
      spikes_(config, model.device()),
      training_(model.device(), codes_of(model.config(), objective_)),
      evaluation_(model.device(), codes_of(model.config(), objective_)) {}

void Trainer::step(const std::vector<Inputs>& parts) {
  require_state(step_ < config_.steps, "all ", config_.steps, " steps of the schedule are done");
  gradients_.clear();
  const Placement::Step placed(placement_, parts);
  try {
    train_on(parts);
  } catch (...) {
    drop_gradients();
    throw;
  }
}

void Trainer::train_on(const std::vector<Inputs>& parts) {
  int64_t total = 0, units = 0;
  for (const Inputs& part : parts) {
    total += count_targets(part);
    units += part.units;
  }
  // In float16 the host decides how often a step is tried, and the hooks of tests run on the host:
  // neither can be part of a recorded step.
  const bool directly = !runner_ || parts.size() > 1 || scaler_.active() || after_backward_;
  if (total > 0 && directly) {
    LossScaler scaler = scaler_;
    update(run_passes_until_finite(parts, total, scaler), {});
    scaler_ = scaler;
  } else if (total > 0) {
    train_recorded(parts[0]);
  }
  training_.count(units, total);
  ++step_;
}

void Trainer::train_recorded(const Inputs& part) {
  Dropout masks = dropout(0);  // seeds the device's generator, which cannot be recorded
  const at::Tensor now =
      at::tensor({learning_rate_at(step_ + 1), static_cast<double>(step_ + 1)}, at::kDouble);
  const at::Tensor clock = upload(now, model_.device());
  std::vector<at::Tensor> buffers = part.buffers();
  buffers.push_back(clock);
  runner_->run(part.layout(), buffers, [&] {
    PassResult result;
    run_pass(part, 1, masks, 0, result.tally);
    result.check = optimizer_.measure(result.tally.loss(), 1);
    update(result, clock);
  });
}

Trainer::PassResult Trainer::run_passes_until_finite(const std::vector<Inputs>& parts,
                                                     int64_t total, LossScaler& scaler) {
  for (;;) {
    PassResult result = run_passes(parts, total, scaler.scale());
    if (!scaler.active()) return result;
    if (result.check.not_finite.item<float>() == 0) {
      scaler.grow();
      return result;
    }
    drop_gradients();
    if (!scaler.back_off()) {
      throw Error(DUOVOX_DIVERGED, c10::str("loss or gradient is not finite at step ", step_ + 1,
                                            " with any loss scale from ", scaler_.scale(),
                                            " down to ", scaler.scale(), "; nothing was changed"));
    }
  }
}

Trainer::PassResult Trainer::run_passes(const std::vector<Inputs>& parts, int64_t total,
                                        double loss_scale) {
  PassResult result;
  int64_t first_row = 0;
  for (size_t i = 0; i < parts.size(); ++i) {
    const int64_t count = count_targets(parts[i]);
    if (count > 0) {
      Dropout masks = dropout(first_row);
      const double share = static_cast<double>(count) / static_cast<double>(total);
      run_pass(parts[i], share * loss_scale, masks, i, result.tally);
    }
    first_row += parts[i].rows;
  }
  result.check = optimizer_.measure(result.tally.loss(), loss_scale);
  return result;
}

void Trainer::run_pass(const Inputs& part, double weight, Dropout& dropout, size_t index,
                       Tally& tally) {
  const Outcome outcome = objective_(part, dropout, Mode::kTraining);
  (outcome.loss * weight).backward();
  if (after_backward_) after_backward_(index);
  optimizer_.collect();
  tally.add(outcome);
}

Dropout Trainer::dropout(int64_t first_row) const {
  return {model_.config().dropout, config_.seed, step_ + 1, model_.device(), first_row};
}

void Trainer::update(const PassResult& result, const at::Tensor& clock) {
  const at::NoGradGuard no_grad;
  const Optimizer::GradientCheck& check = result.check;
  const Spikes::Verdict verdict = spikes_.judge(result.tally.loss(), check.not_finite);
  const at::Tensor skip = at::maximum(check.not_finite, verdict.skip);
  const at::Tensor number =
      clock.defined() ? clock[1]
                      : at::full({}, static_cast<double>(step_ + 1), result.tally.sums().options());
  const at::Tensor rate = clock.defined() ? clock[0].to(at::kFloat) : at::Tensor();
  const Meters::Contents next =
      training_.after(result.tally, {check.not_finite, verdict.spike, skip, check.norm}, number);
  optimizer_.update(check, skip, learning_rate_at(step_ + 1), rate);
  model_.parameters().refresh();
  spikes_.commit(verdict);
  training_.commit(next);
}

void Trainer::evaluate(const std::vector<Inputs>& parts) {
  const at::NoGradGuard no_grad;
  gradients_.clear();
  Tally tally;
  int64_t units = 0;
  for (size_t i = 0; i < parts.size(); ++i) {
    Dropout off;
    const Outcome outcome = objective_(parts[i], off, Mode::kEvaluation);
    units += outcome.units;
    if (outcome.count > 0) tally.add(outcome);
    if (after_evaluation_) after_evaluation_(i);
  }
  if (tally.count() > 0) {
    const at::Tensor not_finite = at::isfinite(tally.loss()).logical_not().to(at::kFloat);
    const at::Tensor zero = at::zeros_like(not_finite);
    const at::Tensor number = at::full({}, static_cast<double>(step_), tally.sums().options());
    evaluation_.commit(evaluation_.after(tally, {not_finite, zero, not_finite, zero}, number));
  }
  evaluation_.count(units, tally.count());
}

duovox_train_report Trainer::evaluation() {
  duovox_train_report report = add_progress(evaluation_.report());
  // Batches without a finite loss are the worst ones: a mean over the rest would be too low.
  if (report.skipped > 0) clear_means(report);
  report.gradient_norm = 0;
  return report;
}

Outcome Trainer::losses(const Inputs& inputs, bool gradients) {
  gradients_.clear();
  Dropout off;
  if (!gradients) {
    const at::NoGradGuard no_grad;
    return objective_(inputs, off, Mode::kEvaluation);
  }
  require(count_targets(inputs) > 0, "gradients = 1, but the batch has no position with a loss");
  try {
    const Outcome outcome = objective_(inputs, off, Mode::kEvaluation);
    (outcome.loss * scaler_.scale()).backward();
    std::vector<at::Tensor> collected;
    for (const NamedTensor& tensor : model_.parameters().all()) {
      const at::Tensor gradient = tensor.compute.grad();
      collected.push_back(gradient.defined() ? gradient.to(at::kFloat).div_(scaler_.scale())
                                             : at::Tensor());
    }
    gradients_ = std::move(collected);
    drop_gradients();
    return outcome;
  } catch (...) {
    drop_gradients();
    throw;
  }
}

int64_t Trainer::count_targets(const Inputs& inputs) const {
  return purpose() == Purpose::kClassify ? inputs.rows : inputs.positions.size(0);
}

void Trainer::drop_gradients() {
  optimizer_.drop_gradients();
  for (const NamedTensor& tensor : model_.parameters().all()) {
    at::Tensor compute = tensor.compute;  // the same tensor, not a copy
    compute.mutable_grad() = at::Tensor();
  }
}

double Trainer::learning_rate_at(int64_t step) const {
  return step == 0 ? 0 : config_.learning_rate * schedule(step, config_.warmup, config_.steps);
}

duovox_train_report Trainer::add_progress(duovox_train_report report) const {
  report.step = step_;
  report.learning_rate = learning_rate_at(step_);
  report.loss_scale = scaler_.scale();
  return report;
}

}  // namespace duovox
