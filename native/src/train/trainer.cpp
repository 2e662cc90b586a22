// The training step: forward, backward, update, meters; nothing in it waits for the device.
#include "train/trainer.h"

#include "error.h"
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

}  // namespace

Trainer::Trainer(UnitModel& model, const duovox_train_config& config)
    : model_(model),
      config_(config),
      objective_(config, model),
      optimizer_(config, trained(model, objective_)),
      training_(model.device()),
      evaluation_(model.device()) {}

void Trainer::step(const Inputs& inputs) {
  require_state(step_ < config_.steps, "all ", config_.steps, " steps of the schedule are done");
  Dropout dropout(model_.config().dropout, config_.seed, step_ + 1, model_.device());
  const Outcome outcome = objective_(inputs, dropout);
  ++step_;
  learning_rate_ = config_.learning_rate * schedule(step_, config_.warmup, config_.steps);
  if (outcome.count == 0) return training_.add_units(outcome.units);
  outcome.loss.backward();
  const Optimizer::Result result = optimizer_.step(outcome.loss, learning_rate_);
  training_.add(outcome, step_, result.norm, result.bad);
}

void Trainer::evaluate(const Inputs& inputs) {
  const at::NoGradGuard no_grad;
  Dropout off;
  const Outcome outcome = objective_(inputs, off);
  if (outcome.count == 0) return evaluation_.add_units(outcome.units);
  const at::Tensor bad = at::isfinite(outcome.loss).logical_not();
  evaluation_.add(outcome, step_, at::zeros_like(outcome.loss), bad);
}

}  // namespace duovox
