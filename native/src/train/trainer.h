// A training: objective, optimizer, schedule and meters around a model that somebody else owns.
#ifndef DUOVOX_TRAIN_TRAINER_H
#define DUOVOX_TRAIN_TRAINER_H

#include <duovox/duovox.h>

#include <cstdint>

#include "model/unit_model.h"
#include "train/meters.h"
#include "train/objective.h"
#include "train/optimizer.h"

namespace duovox {

class Trainer {
 public:
  /// @param model must outlive the trainer @param config must have passed check()
  Trainer(UnitModel& model, const duovox_train_config& config);

  const UnitModel& model() const { return model_; }
  Purpose purpose() const { return objective_.purpose(); }

  /// One optimizer step. A batch without a position that has a loss changes no parameter but counts
  /// as a step. Dropout masks are a pure function of (config.seed, step). Throws
  /// DUOVOX_INVALID_STATE after config.steps steps.
  void step(const Inputs& inputs);
  /// Losses in evaluation mode, added to the next evaluation().
  void evaluate(const Inputs& inputs);

  duovox_train_report report() { return training_.report(step_, learning_rate_); }
  duovox_train_report evaluation() { return evaluation_.report(step_, learning_rate_); }

 private:
  UnitModel& model_;
  duovox_train_config config_;
  Objective objective_;
  Optimizer optimizer_;
  Meters training_, evaluation_;
  int64_t step_ = 0;
  double learning_rate_ = 0;
};

}  // namespace duovox

#endif  // DUOVOX_TRAIN_TRAINER_H
