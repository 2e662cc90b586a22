// The training step: passes over the parts, update, meters. Nothing in it waits for the device, but
// for the flag "not finite" in float16.
#include "train/trainer.h"

#include <algorithm>

#include "device.h"
#include "error.h"
#include "model/config.h"
#include "train/schedule.h"

namespace duovox {
namespace {

std::vector<NamedTensor> trained(const UnitModel& model, const Objective& objective) {
  std::vector<NamedTensor> found;
  for (const NamedTensor& tensor : model.parameters().all()) {
    if (tensor.trainable && objective.trains(tensor.name)) found.push_back(tensor);
  }
  return found;
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
      optimizer_(config, trained(model, objective_)),
      scaler_(config, model.config().precision),
      spikes_(config, model.device()),
      training_(model.device(), codes_of(model.config(), objective_)),
      evaluation_(model.device(), codes_of(model.config(), objective_)) {}

void Trainer::step(const std::vector<Inputs>& parts) {
  require_state(step_ < config_.steps, "all ", config_.steps, " steps of the schedule are done");
  gradients_.clear();
  const Placement::Step placed(placement_, parts);
  try {
    take(parts);
  } catch (...) {
    drop_gradients();
    throw;
  }
}

void Trainer::take(const std::vector<Inputs>& parts) {
  int64_t total = 0, units = 0;
  for (const Inputs& part : parts) {
    total += targets_of(part);
    units += part.units;
  }
  // In float16 the host decides how often a step is tried; and tests look into the passes.
  const bool as_it_is = !runner_ || parts.size() > 1 || scaler_.active() || after_backward_;
  if (total > 0 && as_it_is) {
    LossScaler scaler = scaler_;
    update(pass_until_finite(parts, total, scaler), {});
    scaler_ = scaler;
  } else if (total > 0) {
    take_by_runner(parts[0]);
  }
  training_.count(units, total);
  ++step_;
}

void Trainer::take_by_runner(const Inputs& part) {
  Dropout masks = dropout(0);  // seeds the device's generator, which cannot be part of a recording
  const at::Tensor now =
      at::tensor({rate_of(step_ + 1), static_cast<double>(step_ + 1)}, at::kDouble);
  const at::Tensor clock = upload(now, model_.device());
  std::vector<at::Tensor> buffers = part.buffers();
  buffers.push_back(clock);
  runner_->run(part.layout(), buffers, [&] {
    Passed passed;
    pass_part(part, 1, masks, 0, passed.tally);
    passed.measured = optimizer_.measure(passed.tally.loss(), 1);
    update(passed, clock);
  });
}

Trainer::Passed Trainer::pass_until_finite(const std::vector<Inputs>& parts, int64_t total,
                                           LossScaler& scaler) {
  for (;;) {
    Passed passed = pass(parts, total, scaler.scale());
    if (!scaler.active()) return passed;
    if (passed.measured.bad.item<float>() == 0) {
      scaler.grow();
      return passed;
    }
    drop_gradients();
    if (!scaler.back_off()) {
      throw Error(DUOVOX_DIVERGED, c10::str("loss or gradient is not finite at step ", step_ + 1,
                                            " with any loss scale from ", scaler_.scale(),
                                            " down to ", scaler.scale(), "; nothing was changed"));
    }
  }
}

Trainer::Passed Trainer::pass(const std::vector<Inputs>& parts, int64_t total, double loss_scale) {
  Passed passed;
  int64_t first_row = 0;
  for (size_t i = 0; i < parts.size(); ++i) {
    const int64_t count = targets_of(parts[i]);
    if (count > 0) {
      Dropout masks = dropout(first_row);
      const double share = static_cast<double>(count) / static_cast<double>(total);
      pass_part(parts[i], share * loss_scale, masks, i, passed.tally);
    }
    first_row += parts[i].rows;
  }
  passed.measured = optimizer_.measure(passed.tally.loss(), loss_scale);
  return passed;
}

void Trainer::pass_part(const Inputs& part, double weight, Dropout& dropout, size_t index,
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

void Trainer::update(const Passed& passed, const at::Tensor& clock) {
  const at::NoGradGuard no_grad;
  const Optimizer::Measured& measured = passed.measured;
  const Spikes::Verdict verdict = spikes_.judge(passed.tally.loss(), measured.bad);
  const at::Tensor skip = at::maximum(measured.bad, verdict.skip);
  const at::Tensor number =
      clock.defined() ? clock[1]
                      : at::full({}, static_cast<double>(step_ + 1), passed.tally.sums().options());
  const at::Tensor rate = clock.defined() ? clock[0].to(at::kFloat) : at::Tensor();
  const Meters::Next next =
      training_.after(passed.tally, {measured.bad, verdict.spike, skip, measured.norm}, number);
  optimizer_.update(measured, skip, rate_of(step_ + 1), rate);
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
    const at::Tensor bad = at::isfinite(tally.loss()).logical_not().to(at::kFloat);
    const at::Tensor zero = at::zeros_like(bad);
    const at::Tensor number = at::full({}, static_cast<double>(step_), tally.sums().options());
    evaluation_.commit(evaluation_.after(tally, {bad, zero, bad, zero}, number));
  }
  evaluation_.count(units, tally.count());
}

duovox_train_report Trainer::evaluation() {
  duovox_train_report report = complete(evaluation_.report());
  // The mean of the rest would be lower than that of all: it is none.
  if (report.skipped > 0) forget_means(report);
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
  require(targets_of(inputs) > 0, "gradients = 1, but the batch has no position with a loss");
  try {
    const Outcome outcome = objective_(inputs, off, Mode::kEvaluation);
    (outcome.loss * scaler_.scale()).backward();
    std::vector<at::Tensor> found;
    for (const NamedTensor& tensor : model_.parameters().all()) {
      const at::Tensor gradient = tensor.compute.grad();
      found.push_back(gradient.defined() ? gradient.to(at::kFloat).div_(scaler_.scale())
                                         : at::Tensor());
    }
    gradients_ = std::move(found);
    drop_gradients();
    return outcome;
  } catch (...) {
    drop_gradients();
    throw;
  }
}

int64_t Trainer::targets_of(const Inputs& inputs) const {
  return purpose() == Purpose::kClassify ? inputs.rows : inputs.positions.size(0);
}

void Trainer::drop_gradients() {
  optimizer_.drop_gradients();
  for (const NamedTensor& tensor : model_.parameters().all()) {
    at::Tensor compute = tensor.compute;  // the same tensor, not a copy
    compute.mutable_grad() = at::Tensor();
  }
}

double Trainer::rate_of(int64_t step) const {
  return step == 0 ? 0 : config_.learning_rate * schedule(step, config_.warmup, config_.steps);
}

duovox_train_report Trainer::complete(duovox_train_report report) const {
  report.step = step_;
  report.learning_rate = rate_of(step_);
  report.loss_scale = scaler_.scale();
  return report;
}

}  // namespace duovox
