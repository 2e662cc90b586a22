// Computes the losses of a batch for pretraining, classification and linear probing.
#ifndef DUOVOX_TRAIN_OBJECTIVE_H
#define DUOVOX_TRAIN_OBJECTIVE_H

#include <ATen/ATen.h>
#include <duovox/duovox.h>

#include <cstdint>
#include <string>

#include "model/unit_model.h"

namespace duovox {

/// The losses of a batch, scalars on the model's device; undefined when count is 0.
struct Outcome {
  int64_t count = 0;  // positions or utterances with a loss
  int64_t units = 0;  // tokens and phonetic units read
  at::Tensor loss, mcp, mcr;
  at::Tensor hits;  // number of correct predictions
  // (count) the most likely code or class, and the true one; undefined without MCP
  at::Tensor predicted, expected;
};

/// Labels are smoothed for training only, so that evaluation losses are comparable.
enum class Mode { kTraining, kEvaluation };

class Objective {
 public:
  Objective(const duovox_train_config& config, const UnitModel& model)
      : config_(config), model_(model) {}

  Purpose purpose() const {
    if (config_.objective != DUOVOX_PRETRAIN) return Purpose::kClassify;
    return reads_representations() ? Purpose::kReconstruct : Purpose::kPretrain;
  }

  /// Whether a tensor of this name gets a gradient.
  bool trains(const std::string& name) const;

  /// Returns the losses of a batch that was read for purpose(); builds the autograd graph unless
  /// gradients are off. With DUOVOX_PROBE the encoder is never part of the graph.
  Outcome operator()(const Inputs& inputs, Dropout& dropout, Mode mode) const;

 private:
  bool reads_representations() const {
    return config_.mcr_target == DUOVOX_TARGET_FEATURE && config_.mcr_weight > 0;
  }
  Outcome pretrain(const Inputs& inputs, Dropout& dropout) const;
  Outcome classify(const Inputs& inputs, Dropout& dropout, Mode mode) const;
  at::Tensor pooled(const Inputs& inputs, Dropout& dropout) const;

  duovox_train_config config_;
  const UnitModel& model_;
};

}  // namespace duovox

#endif  // DUOVOX_TRAIN_OBJECTIVE_H
