// What a trainer's state consists of.
#include "train/state.h"

#include <array>
#include <limits>

#include "error.h"
#include "train/trainer.h"

namespace duovox {
namespace {

void check_values(const std::string& name, const at::Tensor& values, double least) {
  if (values.numel() == 0) return;
  if (values.is_floating_point()) {
    require(at::isfinite(values).all().item<bool>(), name, " has values that are not finite");
  }
  const auto found = values.min().item<double>();
  require(found >= least, name, " has the value ", found, ", must be at least ", least);
}

at::Tensor at_least_one_axis(const at::Tensor& tensor) {
  return tensor.dim() == 0 ? tensor.view({1}) : tensor;
}

}  // namespace

StateTensor live_state(const std::string& name, const at::Tensor& value, double least) {
  const at::Tensor shaped = at_least_one_axis(value.detach());
  return {name, shaped, [name, shaped, least](const at::Tensor& values) {
            check_values(name, values, least);
            at::Tensor target = shaped;  // the same memory
            target.copy_(values);
          }};
}

StateTensor live_state(const std::string& name, const at::Tensor& value) {
  return live_state(name, value, -std::numeric_limits<double>::infinity());
}

std::vector<StateTensor> Trainer::state() {
  std::vector<StateTensor> state;
  for (const Optimizer::Slot& slot : optimizer_.slots()) {
    state.push_back(live_state("optimizer.mean." + slot.name, slot.mean));
    state.push_back(live_state("optimizer.variance." + slot.name, slot.variance, 0));
  }
  state.push_back(live_state("optimizer.steps", optimizer_.steps(), 0));
  state.push_back(progress());
  add_meters(state, "meters.training", training_);
  add_meters(state, "meters.evaluation", evaluation_);
  state.push_back(live_state("spikes", spikes_.state()));
  const at::Tensor scale = at::tensor(
      {scaler_.scale(), static_cast<double>(scaler_.finite_steps())}, at::kDouble);
  state.push_back({"loss_scale", scale, [this](const at::Tensor& values) {
                     scaler_.restore(values[0].item<double>(), values[1].item<int64_t>());
                   }});
  return state;
}

void Trainer::add_meters(std::vector<StateTensor>& state, const char* name, Meters& meters) {
  const std::string prefix = name;
  state.push_back(live_state(prefix + ".sums", meters.sums()));
  state.push_back(live_state(prefix + ".predicted", meters.predicted(), 0));
  state.push_back(live_state(prefix + ".expected", meters.expected(), 0));
}

StateTensor Trainer::progress() {
  const auto training = training_.counts(), evaluation = evaluation_.counts();
  const std::vector<int64_t> values{step_, training[0], training[1], evaluation[0], evaluation[1]};
  return {"progress", at::tensor(values, at::kLong), [this](const at::Tensor& from) {
            check_values("progress", from, 0);
            const auto* v = from.const_data_ptr<int64_t>();
            require(v[0] <= config_.steps, "progress[0] = ", v[0], ", must be at most the ",
                    config_.steps, " steps of the schedule");
            step_ = v[0];
            training_.set_counts({v[1], v[2]});
            evaluation_.set_counts({v[3], v[4]});
          }};
}

}  // namespace duovox
