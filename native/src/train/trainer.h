// A training: objective, optimizer, schedule and meters around a model that somebody else owns.
#ifndef DUOVOX_TRAIN_TRAINER_H
#define DUOVOX_TRAIN_TRAINER_H

#include <duovox/duovox.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "cuda/step_runner.h"
#include "model/unit_model.h"
#include "threads/placement.h"
#include "train/loss_scaler.h"
#include "train/meters.h"
#include "train/objective.h"
#include "train/optimizer.h"
#include "train/spikes.h"
#include "train/state.h"
#include "train/tally.h"

namespace duovox {

class Trainer {
 public:
  /// @param model must outlive the trainer @param config must have passed check()
  /// @param runner of steps of one part; null: they run as they are
  Trainer(UnitModel& model, const duovox_train_config& config,
          std::unique_ptr<StepRunner> runner = nullptr);
  Trainer(const Trainer&) = delete;
  Trainer& operator=(const Trainer&) = delete;

  const UnitModel& model() const { return model_; }
  const Objective& objective() const { return objective_; }
  const duovox_train_config& config() const { return config_; }
  Purpose purpose() const { return objective_.purpose(); }

  /// One optimizer step over all parts: losses are means over the targets of all of them. Without
  /// a position that has a loss it changes no parameter but counts as a step. Dropout masks are a
  /// pure function of (config.seed, step, place). Whatever is thrown, everything but the gradients
  /// (which are dropped) is as it was before. Throws DUOVOX_INVALID_STATE after config.steps steps,
  /// and DUOVOX_DIVERGED when no loss scale gives a finite gradient.
  void step(const std::vector<Inputs>& parts);
  /// Losses in evaluation mode of a batch that may be cut into parts, added to the next
  /// evaluation() when all of them are there. Whatever is thrown, nothing has changed.
  void evaluate(const std::vector<Inputs>& parts);

  duovox_train_report report() { return complete(training_.report()); }
  /// Means are NaN when the loss of any batch was not finite.
  duovox_train_report evaluation();

  /// Losses of a batch in evaluation mode; leaves their gradients (float32, one for each of the
  /// model's tensors, undefined where the loss does not reach) in gradients() if asked to.
  Outcome losses(const Inputs& inputs, bool gradients);
  /// Empty unless the last call was losses() with gradients.
  const std::vector<at::Tensor>& gradients() const { return gradients_; }

  /// Everything that a training needs to go on besides the model's tensors, in a fixed order; valid
  /// as long as the trainer.
  const std::vector<StateTensor>& state();

  /// For tests: called after the backward pass of each part, before its gradients are looked at.
  void after_backward(std::function<void(size_t part)> hook) { after_backward_ = std::move(hook); }
  /// For tests: called after each part of a batch that is evaluated.
  void after_evaluation(std::function<void(size_t part)> hook) {
    after_evaluation_ = std::move(hook);
  }

 private:
  /// What the passes over all parts gave.
  struct Passed {
    Tally tally;
    Optimizer::Measured measured;
  };

  void take(const std::vector<Inputs>& parts);
  void take_by_runner(const Inputs& part);
  Passed pass_until_finite(const std::vector<Inputs>& parts, int64_t total, LossScaler& scaler);
  Passed pass(const std::vector<Inputs>& parts, int64_t total, double loss_scale);
  void pass_part(const Inputs& part, double weight, Dropout& dropout, size_t index, Tally& tally);
  /// @param clock (2) float64 on the device: learning rate and number of the step; undefined: they
  /// are taken from the host
  void update(const Passed& passed, const at::Tensor& clock);
  Dropout dropout(int64_t first_row) const;
  int64_t targets_of(const Inputs& inputs) const;
  void drop_gradients();
  double rate_of(int64_t step) const;
  duovox_train_report complete(duovox_train_report report) const;
  std::vector<StateTensor> list_state();
  void add_meters(std::vector<StateTensor>& state, const char* name, Meters& meters);
  StateTensor progress();

  UnitModel& model_;
  duovox_train_config config_;
  std::unique_ptr<StepRunner> runner_;
  Objective objective_;
  Optimizer optimizer_;
  LossScaler scaler_;
  Spikes spikes_;
  Meters training_, evaluation_;
  Placement placement_;
  int64_t step_ = 0;
  std::vector<at::Tensor> gradients_;
  std::vector<StateTensor> state_;  // made when it is first asked for
  std::function<void(size_t)> after_backward_, after_evaluation_;
};

}  // namespace duovox

#endif  // DUOVOX_TRAIN_TRAINER_H
