// A training of a model that the caller owns: objective, optimizer, learning-rate schedule, meters.
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
  /// @param model must outlive the trainer
  /// @param config must have passed check()
  /// @param runner records and replays steps of one part; null: every step runs directly
  Trainer(UnitModel& model, const duovox_train_config& config,
          std::unique_ptr<StepRunner> runner = nullptr);
  Trainer(const Trainer&) = delete;
  Trainer& operator=(const Trainer&) = delete;

  const UnitModel& model() const { return model_; }
  const Objective& objective() const { return objective_; }
  const duovox_train_config& config() const { return config_; }
  Purpose purpose() const { return objective_.purpose(); }

  /// Takes one optimizer step over all parts of a batch; losses are means over the targets of all
  /// parts. A batch without targets changes no parameter but counts as a step. Dropout masks are a
  /// pure function of (config.seed, step, place). After an exception the trainer and the model are
  /// unchanged, except that the gradients are dropped. Throws DUOVOX_INVALID_STATE after
  /// config.steps steps, and DUOVOX_DIVERGED when no loss scale gives a finite gradient.
  void step(const std::vector<Inputs>& parts);
  /// Computes the losses of a batch, which may be cut into parts, in evaluation mode and adds them
  /// to the next evaluation(). After an exception nothing has changed.
  void evaluate(const std::vector<Inputs>& parts);

  duovox_train_report report() { return add_progress(training_.report()); }
  /// Means over the batches since the last call; NaN when the loss of any of them was not finite.
  duovox_train_report evaluation();

  /// Returns the losses of a batch in evaluation mode. With gradients = true, gradients() then
  /// holds their gradients: float32, one for each of the model's tensors, undefined where the loss
  /// does not depend on the tensor.
  Outcome losses(const Inputs& inputs, bool gradients);
  /// Empty unless the last call was losses() with gradients.
  const std::vector<at::Tensor>& gradients() const { return gradients_; }

  /// Everything besides the model's tensors that a training needs in order to resume, in a fixed
  /// order. The reference is valid as long as the trainer.
  const std::vector<StateTensor>& state();

  /// For tests: called after the backward pass of each part, before its gradients are collected.
  void after_backward(std::function<void(size_t part)> hook) { after_backward_ = std::move(hook); }
  /// For tests: called after each evaluated part.
  void after_evaluation(std::function<void(size_t part)> hook) {
    after_evaluation_ = std::move(hook);
  }

 private:
  /// The result of the passes over all parts of a batch.
  struct PassResult {
    Tally tally;
    Optimizer::GradientCheck check;
  };

  void train_on(const std::vector<Inputs>& parts);
  void train_recorded(const Inputs& part);
  PassResult run_passes_until_finite(const std::vector<Inputs>& parts, int64_t total,
                                     LossScaler& scaler);
  PassResult run_passes(const std::vector<Inputs>& parts, int64_t total, double loss_scale);
  void run_pass(const Inputs& part, double weight, Dropout& dropout, size_t index, Tally& tally);
  /// Updates parameters, meters and spike statistics.
  /// @param clock (2) float64 on the device: learning rate and number of the step; undefined: both
  ///     come from the host
  void update(const PassResult& result, const at::Tensor& clock);
  Dropout dropout(int64_t first_row) const;
  int64_t count_targets(const Inputs& inputs) const;
  void drop_gradients();
  double learning_rate_at(int64_t step) const;
  duovox_train_report add_progress(duovox_train_report report) const;
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
