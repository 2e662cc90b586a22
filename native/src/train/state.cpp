// Lists the tensors of a trainer's state: optimizer, progress, meters, spikes, loss scale.
#include "train/state.h"

#include <utility>

#include "error.h"
#include "train/trainer.h"

namespace duovox {

int64_t StateTensor::elements() const {
  int64_t count = 1;
  for (const int64_t size : shape) count *= size;
  return count;
}

void require_state_values(const std::string& name, const at::Tensor& values,
                          const StateLimits& limits) {
  if (values.numel() == 0) return;
  if (values.is_floating_point()) {
    require(at::isfinite(values).all().item<bool>(), name, " has values that are not finite");
    require(!limits.whole || values.eq(values.round()).all().item<bool>(), name,
            " has values that are not whole numbers");
  }
  const auto min = values.min().item<double>(), max = values.max().item<double>();
  require(min >= limits.min, name, " has the value ", min, ", must be at least ", limits.min);
  require(max <= limits.max, name, " has the value ", max, ", must be at most ", limits.max);
}

StateTensor live_state(const std::string& name, const at::Tensor& value, StateCheck check) {
  const at::Tensor detached = value.detach();
  const at::Tensor shaped = detached.dim() == 0 ? detached.view({1}) : detached;
  return {name, shaped.scalar_type(), shaped.sizes().vec(), [shaped] { return shaped; },
          [name, shaped, check = std::move(check)](const at::Tensor& values) {
            check(name, values);
            at::Tensor target = shaped;  // the same memory
            target.copy_(values);
          }};
}

StateTensor live_state(const std::string& name, const at::Tensor& value,
                       const StateLimits& limits) {
  return live_state(name, value, [limits](const std::string& tensor, const at::Tensor& values) {
    require_state_values(tensor, values, limits);
  });
}

const std::vector<StateTensor>& Trainer::state() {
  if (state_.empty()) state_ = list_state();
  return state_;
}

std::vector<StateTensor> Trainer::list_state() {
  std::vector<StateTensor> state;
  for (const Optimizer::Slot& slot : optimizer_.slots()) {
    state.push_back(live_state("optimizer.mean." + slot.name, slot.mean));
    state.push_back(live_state("optimizer.variance." + slot.name, slot.variance, StateLimits{0}));
  }
  const auto steps = static_cast<double>(config_.steps);
  state.push_back(live_state("optimizer.steps", optimizer_.steps(), StateLimits{0, steps, true}));
  state.push_back(progress());
  add_meters(state, "meters.training", training_);
  add_meters(state, "meters.evaluation", evaluation_);
  state.push_back(live_state("spikes", spikes_.state(), &Spikes::check));
  state.push_back({"loss_scale",
                   at::kDouble,
                   {2},
                   [this] {
                     return at::tensor(
                         {scaler_.scale(), static_cast<double>(scaler_.finite_steps())},
                         at::kDouble);
                   },
                   [this](const at::Tensor& values) {
                     const auto* v = values.const_data_ptr<double>();
                     scaler_.restore(v[0], v[1]);
                   }});
  return state;
}

void Trainer::add_meters(std::vector<StateTensor>& state, const char* name, Meters& meters) {
  const std::string prefix = name;
  const auto steps = static_cast<double>(config_.steps);
  state.push_back(live_state(prefix + ".sums", meters.sums(),
                             [steps](const std::string& tensor, const at::Tensor& values) {
                               Meters::check_sums(tensor, values, steps);
                             }));
  state.push_back(live_state(prefix + ".predicted", meters.predicted(), kCount));
  state.push_back(live_state(prefix + ".expected", meters.expected(), kCount));
}

StateTensor Trainer::progress() {
  return {"progress",
          at::kLong,
          {5},
          [this] {
            const auto training = training_.counts(), evaluation = evaluation_.counts();
            return at::tensor({step_, training[0], training[1], evaluation[0], evaluation[1]},
                              at::kLong);
          },
          [this](const at::Tensor& from) {
            require_state_values("progress", from, kCount);
            const auto* v = from.const_data_ptr<int64_t>();
            require(v[0] <= config_.steps, "progress[0] = ", v[0], ", must be at most the ",
                    config_.steps, " steps of the schedule");
            step_ = v[0];
            training_.set_counts({v[1], v[2]});
            evaluation_.set_counts({v[3], v[4]});
          }};
}

}  // namespace duovox
