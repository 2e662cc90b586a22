// Batches and trainings through the header: every wrong id is named, never read.
#include <cmath>

#include "support.h"

namespace duovox::testing {
namespace {

duovox_status step(const Example& e, const Trainer& trainer) {
  return duovox_trainer_step(trainer.get(), e.ring.get(), &e.shape, 1);
}

TEST(Batches, EveryWrongValueIsNamed) {
  const Example e;
  const Trainer trainer = e.trainer(DUOVOX_PRETRAIN);
  const auto refused = [&](int32_t& place, int32_t value, const std::string& text) {
    const int32_t old = place;
    place = value;
    expect_failure(step(e, trainer), DUOVOX_INVALID_ARGUMENT, "duovox_trainer_step: " + text);
    place = old;
    expect_ok(step(e, trainer));
  };
  const duovox_batch& b = e.batch;
  refused(b.contextual[6], 9, "contextual: row 1, position 2: 9, must be 0 to 8");
  refused(b.contextual[0], -1, "contextual: row 0, position 0: -1, must be 0 to 8");
  refused(b.targets[1], 5, "targets: row 0, position 1: 5, must be -1 to 4");
  refused(b.phonetic[7], 5, "phonetic: row 1, position 2: 5, must be 0 to 4");
  refused(b.phonetic_start[4], 3, "phonetic_start: row 1, position 0: 3, must be 0 to 2");
  refused(b.phonetic_end[1], 0, "phonetic_end: row 0, position 1: 0, must be 1 to 4");
  refused(b.phonetic_end[1], 2000000000,
          "phonetic_end: row 0, position 1: 2000000000, must be 1 to 4");
  refused(b.lengths[1], 5, "lengths[1] = 5, must be 1 to 4");
  refused(b.phonetic_lengths[0], 0, "phonetic_lengths[0] = 0, must be 1 to 5");
}

TEST(Batches, WhatLiesBeyondTheLengthsIsNotRead) {
  const Example e;
  const Trainer trainer = e.trainer(DUOVOX_PRETRAIN);
  for (int32_t* place :
       {&e.batch.contextual[7], &e.batch.targets[7], &e.batch.phonetic[8],
        &e.batch.phonetic_start[7], &e.batch.phonetic_end[7], &e.batch.labels[0]}) {
    *place = 2000000000;
  }
  expect_ok(step(e, trainer));
}

TEST(Batches, ShapesAreCheckedAgainstRingAndModel) {
  Example e;
  const Trainer trainer = e.trainer(DUOVOX_PRETRAIN);
  const auto refused = [&](duovox_batch_shape shape, const std::string& part) {
    expect_failure_with(duovox_trainer_step(trainer.get(), e.ring.get(), &shape, 1),
                        DUOVOX_INVALID_ARGUMENT, part);
  };
  refused({2, 2, 4, 5, 0, 0}, "shape.slot = 2, must be 0 to 1");
  refused({-1, 2, 4, 5, 0, 0}, "shape.slot = -1");
  refused({0, 4, 1, 1, 0, 0}, "shape.rows = 4, must be 1 to 3");
  refused({0, 1, 9, 5, 0, 0}, "shape.tokens = 9, must be 1 to 8");
  refused({0, 3, 5, 5, 0, 0}, "shape.rows x shape.tokens = 15, must be at most the ring's 12");
  refused({0, 3, 4, 9, 0, 0},
          "shape.rows x shape.phonetic_units = 27, must be at most the ring's 24");
  refused({0, 3, 4, 0, 0, 0}, "shape.phonetic_units = 0, must be at least 1");
  const Example single(single_config());
  const Trainer other = single.trainer(DUOVOX_PRETRAIN);
  const duovox_batch_shape shape{1, 2, 4, 5, 0, 0};
  expect_failure_with(duovox_trainer_step(other.get(), single.ring.get(), &shape, 1),
                      DUOVOX_INVALID_ARGUMENT, "shape.phonetic_units = 5");
}

TEST(Trainings, ReportMeansAndStartAnew) {
  const Example e;
  const Trainer trainer = e.trainer(DUOVOX_PRETRAIN);
  duovox_train_report report{};
  expect_ok(duovox_trainer_report(trainer.get(), &report));
  EXPECT_EQ(report.step, 0);
  EXPECT_EQ(report.targets, 0);
  expect_no_means(report);
  EXPECT_TRUE(std::isnan(report.gradient_norm));
  for (int i = 0; i < 3; ++i) expect_ok(step(e, trainer));
  expect_ok(duovox_trainer_report(trainer.get(), &report));
  EXPECT_EQ(report.step, 3);
  EXPECT_EQ(report.units, 3 * (4 + 3 + 5 + 3));
  EXPECT_EQ(report.targets, 3 * 2);
  EXPECT_NEAR(report.loss, std::log(5.0), 0.3);
  EXPECT_EQ(report.loss, report.mcp);
  EXPECT_EQ(report.mcr, 0);
  EXPECT_GT(report.gradient_norm, 0);
  EXPECT_DOUBLE_EQ(report.learning_rate, 1e-4 * 8 / 10);
  expect_ok(duovox_trainer_report(trainer.get(), &report));
  EXPECT_EQ(report.step, 3);
  EXPECT_EQ(report.units, 0);
}

TEST(Trainings, ReconstructionNeedsTheCodebook) {
  const Example e;
  const Trainer trainer = e.trainer(DUOVOX_PRETRAIN, 1);
  expect_failure_with(step(e, trainer), DUOVOX_INVALID_STATE,
                      "contextual.codebook was never written");
  const std::vector<float> codebook{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 16};
  expect_ok(
      duovox_model_write(e.model.get(), e.index_of("contextual.codebook"), codebook.data(), 15));
  expect_ok(step(e, trainer));
  duovox_train_report report{};
  expect_ok(duovox_trainer_report(trainer.get(), &report));
  EXPECT_GT(report.mcr, 0.1);
  EXPECT_NEAR(report.loss, report.mcp + report.mcr, 1e-6);
}

TEST(Trainings, ReconstructionDoesNotTakeZerosForACodebook) {
  const Example never, copy;
  const int32_t index = never.index_of("contextual.codebook");
  std::vector<float> saved(15, 1);
  expect_ok(duovox_model_read(never.model.get(), index, saved.data(), 15));
  const Trainer trainer = copy.trainer(DUOVOX_PRETRAIN, 1);
  for (const float value : {saved[0], 0.1F}) {  // as saved without one, and equal vectors
    std::fill(saved.begin(), saved.end(), value);
    expect_ok(duovox_model_write(copy.model.get(), index, saved.data(), 15));
    expect_failure_with(step(copy, trainer), DUOVOX_INVALID_STATE,
                        "contextual.codebook was never written, or all its vectors are equal");
    expect_failure_with(duovox_trainer_evaluate(trainer.get(), copy.ring.get(), &copy.shape, 1),
                        DUOVOX_INVALID_STATE, "contextual.codebook was never written");
  }
  saved[4] += 1;
  expect_ok(duovox_model_write(copy.model.get(), index, saved.data(), 15));
  expect_ok(step(copy, trainer));
}

TEST(Trainings, ClassifyAndProbe) {
  for (const int32_t objective : {DUOVOX_CLASSIFY, DUOVOX_PROBE}) {
    for (const auto& config : {small_config(), single_config()}) {
      const Example e(config);
      const Trainer trainer = e.trainer(objective);
      expect_ok(step(e, trainer));
      expect_ok(duovox_trainer_evaluate(trainer.get(), e.ring.get(), &e.shape, 1));
      duovox_train_report report{};
      expect_ok(duovox_trainer_report(trainer.get(), &report));
      EXPECT_EQ(report.targets, 2);
      EXPECT_NEAR(report.mcp, std::log(2.0), 0.3);
      expect_ok(duovox_trainer_evaluation(trainer.get(), &report));
      EXPECT_EQ(report.targets, 2);
      EXPECT_EQ(report.gradient_norm, 0);
      e.batch.labels[1] = 2;
      expect_failure(step(e, trainer), DUOVOX_INVALID_ARGUMENT,
                     "duovox_trainer_step: labels[1] = 2, must be 0 to 1");
      e.batch.labels[1] = -1;
      expect_failure_with(duovox_trainer_evaluate(trainer.get(), e.ring.get(), &e.shape, 1),
                          DUOVOX_INVALID_ARGUMENT, "labels[1] = -1");
    }
  }
}

TEST(Trainings, StepsThatAreNotFiniteAreCountedAndNothingIsPoisoned) {
  const Example e;
  const Trainer trainer = e.trainer(DUOVOX_PRETRAIN);
  const int32_t index = e.index_of("heads.mcp.norm.weight");
  std::vector<float> good(8), huge(8, 3e38F), after(8);
  expect_ok(duovox_model_read(e.model.get(), index, good.data(), 8));
  expect_ok(step(e, trainer));
  expect_ok(duovox_model_write(e.model.get(), index, huge.data(), 8));
  expect_ok(step(e, trainer));
  duovox_train_report report{};
  expect_ok(duovox_trainer_report(trainer.get(), &report));
  EXPECT_EQ(report.step, 2);
  EXPECT_EQ(report.skipped, 1);
  EXPECT_EQ(report.first_skipped, 2);
  EXPECT_NEAR(report.loss, std::log(5.0), 0.3);  // of the finite step alone
  expect_ok(duovox_trainer_evaluate(trainer.get(), e.ring.get(), &e.shape, 1));
  expect_ok(duovox_trainer_evaluation(trainer.get(), &report));
  EXPECT_EQ(report.skipped, 1);
  EXPECT_EQ(report.targets, 2);
  expect_no_means(report);
  expect_ok(duovox_model_read(e.model.get(), index, after.data(), 8));
  EXPECT_EQ(after, huge);
  expect_ok(duovox_model_write(e.model.get(), index, good.data(), 8));
  expect_ok(step(e, trainer));
  expect_ok(duovox_trainer_report(trainer.get(), &report));
  EXPECT_EQ(report.step, 3);
  EXPECT_EQ(report.skipped, 0);
  EXPECT_EQ(report.first_skipped, 0);
}

TEST(Trainings, AWindowOfSkippedStepsHasNoMeans) {
  const Example e;
  const Trainer trainer = e.trainer(DUOVOX_PRETRAIN);
  const std::vector<float> huge(8, 3e38F);
  expect_ok(duovox_model_write(e.model.get(), e.index_of("heads.mcp.norm.weight"), huge.data(), 8));
  for (int i = 0; i < 2; ++i) expect_ok(step(e, trainer));
  duovox_train_report report{};
  expect_ok(duovox_trainer_report(trainer.get(), &report));
  EXPECT_EQ(report.skipped, 2);
  EXPECT_EQ(report.targets, 4);
  expect_no_means(report);
  EXPECT_TRUE(std::isnan(report.gradient_norm));
}

TEST(Trainings, RefuseBadConfigurationsAndNulls) {
  const Example e;
  const auto refused = [&](auto change, const std::string& part) {
    duovox_train_config config;
    duovox_train_config_init(&config);
    change(config);
    duovox_trainer* trainer = nullptr;
    expect_failure_with(duovox_trainer_create(e.model.get(), &config, &trainer),
                        DUOVOX_INVALID_ARGUMENT, part);
    EXPECT_EQ(trainer, nullptr);
  };
  using C = duovox_train_config;
  refused([](C& c) { c.objective = 3; }, "config.objective = 3");
  refused([](C& c) { c.mcr_target = 2; }, "config.mcr_target = 2");
  refused([](C& c) { c.spike_threshold = NAN; }, "config.spike_threshold = nan");
  refused([](C& c) { c.spike_skip = 2; }, "config.spike_skip = 2");
  refused([](C& c) { c.spike_warmup = -1; }, "config.spike_warmup = -1");
  refused([](C& c) { c.loss_scale = 0; }, "config.loss_scale = 0");
  refused([](C& c) { c.scale_growth = 0.5; }, "config.scale_growth = 0.5");
  refused([](C& c) { c.scale_backoff = 1; }, "config.scale_backoff = 1");
  refused([](C& c) { c.scale_interval = 0; }, "config.scale_interval = 0");
  refused([](C& c) { c.steps = 0; }, "config.steps = 0");
  refused([](C& c) { c.warmup = -1; }, "config.warmup = -1");
  refused([](C& c) { c.warmup = c.steps + 1; }, "config.warmup = ");
  refused([](C& c) { c.learning_rate = NAN; }, "config.learning_rate = nan");
  refused([](C& c) { c.beta1 = 1; }, "config.beta1 = 1");
  refused([](C& c) { c.beta2 = -0.1; }, "config.beta2 = -0.1");
  refused([](C& c) { c.epsilon = 0; }, "config.epsilon = 0");
  refused([](C& c) { c.weight_decay = -1; }, "config.weight_decay = -1");
  refused([](C& c) { c.clip = -1; }, "config.clip = -1");
  refused([](C& c) { c.mcp_weight = -1; }, "config.mcp_weight = -1");
  refused([](C& c) { c.mcp_weight = c.mcr_weight = 0; }, "are both 0");
  refused([](C& c) { c.label_smoothing = 1; }, "config.label_smoothing = 1");
  duovox_model_config plain = small_config();
  plain.classes = plain.representation_width = 0;
  const Model model = make_model(plain);
  duovox_train_config config;
  expect_ok(duovox_train_config_init(&config));
  duovox_trainer* trainer = nullptr;
  expect_failure_with(duovox_trainer_create(model.get(), &config, &trainer),
                      DUOVOX_INVALID_ARGUMENT, "representation_width is 0");
  config.objective = DUOVOX_CLASSIFY;
  expect_failure_with(duovox_trainer_create(model.get(), &config, &trainer),
                      DUOVOX_INVALID_ARGUMENT, "the model has no classes");
  expect_failure_with(duovox_train_config_init(nullptr), DUOVOX_INVALID_ARGUMENT, "config is NULL");
  expect_failure_with(duovox_trainer_create(nullptr, &config, &trainer), DUOVOX_INVALID_ARGUMENT,
                      "model is NULL");
  expect_failure_with(duovox_trainer_create(model.get(), nullptr, &trainer),
                      DUOVOX_INVALID_ARGUMENT, "config is NULL");
  expect_failure_with(duovox_trainer_create(model.get(), &config, nullptr), DUOVOX_INVALID_ARGUMENT,
                      "out is NULL");
  const Trainer good = e.trainer(DUOVOX_PRETRAIN);
  duovox_train_report report;
  expect_failure_with(duovox_trainer_step(nullptr, e.ring.get(), &e.shape, 1),
                      DUOVOX_INVALID_ARGUMENT, "trainer is NULL");
  expect_failure_with(duovox_trainer_step(good.get(), nullptr, &e.shape, 1),
                      DUOVOX_INVALID_ARGUMENT, "ring is NULL");
  expect_failure_with(duovox_trainer_step(good.get(), e.ring.get(), nullptr, 1),
                      DUOVOX_INVALID_ARGUMENT, "parts is NULL");
  expect_failure_with(duovox_trainer_evaluate(nullptr, e.ring.get(), &e.shape, 1),
                      DUOVOX_INVALID_ARGUMENT, "trainer is NULL");
  expect_failure_with(duovox_trainer_report(nullptr, &report), DUOVOX_INVALID_ARGUMENT,
                      "trainer is NULL");
  expect_failure_with(duovox_trainer_report(good.get(), nullptr), DUOVOX_INVALID_ARGUMENT,
                      "report is NULL");
  expect_failure_with(duovox_trainer_evaluation(nullptr, &report), DUOVOX_INVALID_ARGUMENT,
                      "trainer is NULL");
  expect_failure_with(duovox_trainer_evaluation(good.get(), nullptr), DUOVOX_INVALID_ARGUMENT,
                      "report is NULL");
}

TEST(Trainings, TheScheduleEnds) {
  const Example e;
  const Trainer trainer = e.trainer(DUOVOX_PRETRAIN);
  for (int i = 0; i < 10; ++i) expect_ok(step(e, trainer));
  expect_failure_with(step(e, trainer), DUOVOX_INVALID_STATE,
                      "all 10 steps of the schedule are done");
}

}  // namespace
}  // namespace duovox::testing
