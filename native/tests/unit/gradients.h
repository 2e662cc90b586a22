// Gradients of a whole model against finite differences.
#ifndef DUOVOX_TESTS_UNIT_GRADIENTS_H
#define DUOVOX_TESTS_UNIT_GRADIENTS_H

#include <map>
#include <string>
#include <vector>

#include "support.h"
#include "train/objective.h"

namespace duovox::testing {

/// Every trained tensor of a model of this configuration, in float64, with the losses of objective.
inline void check_model_gradients(const duovox_model_config& config, int32_t objective,
                                  int32_t mcr_target = DUOVOX_TARGET_CODEBOOK) {
  UnitModel model(config, at::kDouble);
  scramble(model.parameters());
  write_codebooks(model);
  duovox_train_config training{};
  training.objective = objective;
  training.mcr_target = mcr_target;
  training.mcp_weight = 1;
  training.mcr_weight = config.representation_width > 0 ? 0.7 : 0;
  training.label_smoothing = 0.1;
  const Objective loss(training, model);
  TestBatch batch = random_batch(config, {9, 4, 6});  // its representations are read in place
  const Inputs inputs = batch.inputs(loss.purpose());
  std::vector<NamedTensor> trained;
  for (const NamedTensor& tensor : model.parameters().all()) {
    if (loss.trains(tensor.name)) trained.push_back(tensor);
  }
  std::map<std::string, int64_t> pads{{"contextual.embedding.unit.weight", contextual_pad(config)}};
  if (is_dual(config)) pads["phonetic.embedding.unit.weight"] = phonetic_pad(config);
  const auto same_masks = [&] {
    Dropout dropout(config.dropout, 1, 1, at::kCPU);
    return loss(inputs, dropout, Mode::kTraining).loss;
  };
  expect_gradients(trained, same_masks, pads);
}

}  // namespace duovox::testing

#endif  // DUOVOX_TESTS_UNIT_GRADIENTS_H
