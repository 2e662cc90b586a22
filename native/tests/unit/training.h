// Helpers for tests of the training step: configurations, codebooks, comparisons of whole
// trainings.
#ifndef DUOVOX_TESTS_UNIT_TRAINING_H
#define DUOVOX_TESTS_UNIT_TRAINING_H

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "support.h"
#include "train/config.h"
#include "train/trainer.h"

namespace duovox::testing {

inline duovox_train_config quick(int32_t objective, int64_t steps, double rate) {
  duovox_train_config config = default_train_config();
  config.objective = objective;
  config.steps = steps;
  config.warmup = steps / 10;
  config.learning_rate = rate;
  return config;
}

inline void write_codebook(UnitModel& model, float scale = 1) {
  for (size_t i = 0; i < model.parameters().all().size(); ++i) {
    const NamedTensor& tensor = model.parameters().all()[i];
    if (tensor.trainable) continue;
    Random random(9);
    std::vector<float> values(tensor.value.numel());
    for (float& value : values) value = static_cast<float>(random.uniform()) * scale;
    model.parameters().write(i, values.data());
  }
}

/// Copies of all tensors of a training, by name.
using Contents = std::map<std::string, at::Tensor>;

inline Contents contents(Trainer& trainer) {
  Contents contents;
  for (const NamedTensor& tensor : trainer.model().parameters().all()) {
    contents["model." + tensor.name] = tensor.value.detach().clone();
  }
  for (const StateTensor& tensor : trainer.state()) contents[tensor.name] = tensor.read().clone();
  return contents;
}

inline void expect_same(const Contents& a, const Contents& b) {
  ASSERT_EQ(a.size(), b.size());
  for (const auto& [name, value] : a) EXPECT_TRUE(value.equal(b.at(name))) << name;
}

inline void expect_close(const UnitModel& a, const UnitModel& b, double tolerance) {
  const auto &x = a.parameters().all(), &y = b.parameters().all();
  for (size_t i = 0; i < x.size(); ++i) {
    EXPECT_LE(largest_difference(x[i].value, y[i].value), tolerance) << x[i].name;
  }
}

}  // namespace duovox::testing

#endif  // DUOVOX_TESTS_UNIT_TRAINING_H
