// Evaluations through the header: whole and in parts, all or nothing, NaN for a mean over nothing.
#include <cmath>

#include "support.h"

namespace duovox::testing {
namespace {

/// Makes the states of every row that reads the code overflow.
void overflow_code(const Example& e, int32_t code) {
  const int32_t index = e.index_of("contextual.embedding.unit.weight");
  std::vector<float> units(9 * 8);
  expect_ok(duovox_model_read(e.model.get(), index, units.data(), 72));
  std::fill_n(units.begin() + code * 8, 8, 3e38F);
  expect_ok(duovox_model_write(e.model.get(), index, units.data(), 72));
}

TEST(Evaluations, OneBatchThatIsNotFiniteLeavesNoMeanOfTheRest) {
  const Example e;
  const Trainer trainer = e.trainer(DUOVOX_PRETRAIN);
  overflow_code(e, 2);  // row 0 has it, row 1 has not
  const duovox_batch_shape bad{1, 1, 4, 5, 0, 0}, good{1, 1, 4, 5, 1, 0};
  const auto evaluate = [&](const duovox_batch_shape& shape) {
    expect_ok(duovox_trainer_evaluate(trainer.get(), e.ring.get(), &shape, 1));
  };
  evaluate(good);
  EXPECT_TRUE(std::isfinite(evaluation_of(trainer).loss));
  evaluate(good);
  evaluate(bad);
  evaluate(good);
  const duovox_train_report report = evaluation_of(trainer);
  EXPECT_EQ(report.skipped, 1);
  EXPECT_EQ(report.targets, 3);
  EXPECT_EQ(report.gradient_norm, 0);
  expect_no_means(report);
  evaluate(good);  // and the next one is clean again
  EXPECT_TRUE(std::isfinite(evaluation_of(trainer).loss));
}

TEST(Evaluations, WithoutATargetHaveNoMeans) {
  const Example e;
  const Trainer trainer = e.trainer(DUOVOX_PRETRAIN);
  expect_no_means(evaluation_of(trainer));
  std::fill(e.batch.targets, e.batch.targets + 8, -1);
  expect_ok(duovox_trainer_evaluate(trainer.get(), e.ring.get(), &e.shape, 1));
  const duovox_train_report report = evaluation_of(trainer);
  EXPECT_EQ(report.targets, 0);
  EXPECT_EQ(report.skipped, 0);
  EXPECT_EQ(report.units, 4 + 3 + 5 + 3);
  expect_no_means(report);
}

TEST(Evaluations, OfPartsAreThatOfTheWholeBatch) {
  const Example e;
  const Trainer trainer = e.trainer(DUOVOX_PRETRAIN);
  e.batch.targets[2] = 4;  // two targets in row 0, one in row 1: parts do not weigh the same
  const std::vector<duovox_batch_shape> parts{{1, 1, 4, 5, 0, 0}, {1, 1, 4, 5, 1, 0}};
  expect_ok(duovox_trainer_evaluate(trainer.get(), e.ring.get(), &e.shape, 1));
  const auto whole = evaluation_of(trainer);
  expect_ok(duovox_trainer_evaluate(trainer.get(), e.ring.get(), parts.data(), 2));
  const auto cut = evaluation_of(trainer);
  EXPECT_EQ(whole.targets, 3);
  EXPECT_EQ(cut.targets, 3);
  EXPECT_EQ(cut.units, whole.units);
  EXPECT_NEAR(cut.loss, whole.loss, 1e-6);
  EXPECT_EQ(cut.accuracy, whole.accuracy);
  EXPECT_EQ(cut.target_entropy, whole.target_entropy);
  EXPECT_EQ(cut.predicted_entropy, whole.predicted_entropy);
  overflow_code(e, 2);  // the batch is one that was skipped, however it was cut
  expect_ok(duovox_trainer_evaluate(trainer.get(), e.ring.get(), parts.data(), 2));
  EXPECT_EQ(evaluation_of(trainer).skipped, 1);
}

TEST(Evaluations, CountNothingOfABatchWithAWrongPart) {
  const Example e;
  const Trainer trainer = e.trainer(DUOVOX_PRETRAIN);
  std::vector<duovox_batch_shape> parts{{1, 1, 4, 5, 0, 0}, {7, 1, 4, 5, 1, 0}};
  expect_failure(duovox_trainer_evaluate(trainer.get(), e.ring.get(), parts.data(), 2),
                 DUOVOX_INVALID_ARGUMENT,
                 "duovox_trainer_evaluate: shape.slot = 7, must be 0 to 1");
  for (const int32_t count : {0, -1, 1 << 23}) {
    expect_failure_with(duovox_trainer_evaluate(trainer.get(), e.ring.get(), parts.data(), count),
                        DUOVOX_INVALID_ARGUMENT,
                        "count = " + std::to_string(count) + ", must be 1 to 4194304");
  }
  expect_failure_with(duovox_trainer_evaluate(trainer.get(), e.ring.get(), nullptr, 1),
                      DUOVOX_INVALID_ARGUMENT, "parts is NULL");
  expect_failure_with(duovox_trainer_evaluate(trainer.get(), nullptr, &e.shape, 1),
                      DUOVOX_INVALID_ARGUMENT, "ring is NULL");
  const auto report = evaluation_of(trainer);
  EXPECT_EQ(report.units, 0);
  EXPECT_EQ(report.targets, 0);
}

TEST(Evaluations, LabelsAreSmoothedInStepsOnly) {
  for (const int32_t objective : {DUOVOX_CLASSIFY, DUOVOX_PROBE}) {
    duovox_model_config model = small_config();
    model.dropout = 0;
    const Example e(model);
    const int32_t index = e.index_of("heads.classification.output.bias");
    const std::vector<float> sure{3, -3};
    e.batch.labels[1] = 0;
    expect_ok(duovox_model_write(e.model.get(), index, sure.data(), 2));
    const auto losses = [&](double smoothing) {
      duovox_train_config config;
      expect_ok(duovox_train_config_init(&config));
      config.objective = objective;
      config.label_smoothing = smoothing;
      config.learning_rate = 0;
      duovox_trainer* made = nullptr;
      expect_ok(duovox_trainer_create(e.model.get(), &config, &made));
      const Trainer trainer(made);
      expect_ok(duovox_trainer_step(made, e.ring.get(), &e.shape, 1));
      expect_ok(duovox_trainer_evaluate(made, e.ring.get(), &e.shape, 1));
      duovox_train_report steps{};
      expect_ok(duovox_trainer_report(made, &steps));
      return std::pair(steps.loss, evaluation_of(trainer).loss);
    };
    const auto plain = losses(0), smoothed = losses(0.5);
    EXPECT_NEAR(plain.first, plain.second, 1e-6);
    EXPECT_EQ(smoothed.second, plain.second);
    EXPECT_GT(std::abs(smoothed.first - plain.first), 1e-3);
  }
}

}  // namespace
}  // namespace duovox::testing
