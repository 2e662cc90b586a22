// Rings with representations, parts of a slot, joint sequences and counted operations, through the
// header.
#include <cmath>

#include "support.h"

namespace duovox::testing {
namespace {

Ring ring_with(int32_t representations) {
  const duovox_ring_config config{2, 3, 12, 24, DUOVOX_CPU, representations};
  duovox_ring* ring = nullptr;
  expect_ok(duovox_ring_create(&config, &ring));
  return Ring(ring);
}

Trainer feature_trainer(const Example& e) {
  duovox_train_config config;
  expect_ok(duovox_train_config_init(&config));
  config.mcr_target = DUOVOX_TARGET_FEATURE;
  config.steps = 10;
  config.warmup = 0;
  duovox_trainer* trainer = nullptr;
  expect_ok(duovox_trainer_create(e.model.get(), &config, &trainer));
  return Trainer(trainer);
}

void write_codebook(const Example& e) {
  const std::vector<float> codebook{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 16};
  expect_ok(
      duovox_model_write(e.model.get(), e.index_of("contextual.codebook"), codebook.data(), 15));
}

/// The example's batch in slot 1 of another ring, with representations 10, 20, ... at its targets.
duovox_batch copy_to_slot(const Example& e, const Ring& ring) {
  duovox_batch batch;
  expect_ok(duovox_ring_slot(ring.get(), 1, &batch));
  std::copy_n(e.batch.contextual, 8, batch.contextual);
  std::copy_n(e.batch.targets, 8, batch.targets);
  std::copy_n(e.batch.phonetic_start, 8, batch.phonetic_start);
  std::copy_n(e.batch.phonetic_end, 8, batch.phonetic_end);
  std::copy_n(e.batch.phonetic, 10, batch.phonetic);
  std::copy_n(e.batch.lengths, 2, batch.lengths);
  std::copy_n(e.batch.phonetic_lengths, 2, batch.phonetic_lengths);
  for (int i = 0; batch.representations != nullptr && i < 6; ++i) {
    batch.representations[i] = 10.0F * static_cast<float>(i + 1);
  }
  return batch;
}

TEST(RingRepresentations, AreThereWhenAskedFor) {
  duovox_batch batch;
  const Ring without = ring_with(0), with = ring_with(3);
  expect_ok(duovox_ring_slot(without.get(), 1, &batch));
  EXPECT_EQ(batch.representations, nullptr);
  expect_ok(duovox_ring_slot(with.get(), 1, &batch));
  ASSERT_NE(batch.representations, nullptr);
  for (int i = 0; i < 36; ++i) EXPECT_EQ(batch.representations[i], 0);
  duovox_ring_config config{1, 1, int64_t{1} << 30, 0, DUOVOX_CPU, 4};
  duovox_ring* made = nullptr;
  expect_failure_with(duovox_ring_create(&config, &made), DUOVOX_INVALID_ARGUMENT,
                      "config.tokens x config.representations = 4294967296");
  config.representations = -1;
  expect_failure_with(duovox_ring_create(&config, &made), DUOVOX_INVALID_ARGUMENT,
                      "config.representations = -1");
}

TEST(RingRepresentations, AreTargetsAndEveryMistakeIsNamed) {
  const Example e;
  const Trainer trainer = feature_trainer(e);
  const Ring without = ring_with(0), wrong = ring_with(4), right = ring_with(3);
  const auto step = [&](const Ring& ring) {
    return duovox_trainer_step(trainer.get(), ring.get(), &e.shape, 1);
  };
  copy_to_slot(e, without);
  copy_to_slot(e, wrong);
  const duovox_batch batch = copy_to_slot(e, right);
  expect_failure_with(step(without), DUOVOX_INVALID_ARGUMENT,
                      "the ring was made without representations");
  expect_failure_with(step(wrong), DUOVOX_INVALID_ARGUMENT,
                      "the ring's representations = 4, but the model's representation_width = 3");
  expect_failure_with(step(right), DUOVOX_INVALID_STATE, "contextual.codebook was never written");
  write_codebook(e);
  expect_ok(step(right));
  batch.representations[4] = NAN;
  expect_failure_with(step(right), DUOVOX_INVALID_ARGUMENT, "representations[4] = nan");
  batch.representations[4] = 50;
  batch.representations[6] = NAN;  // beyond the two targets: never read
  expect_ok(step(right));
  duovox_train_report report{};
  expect_ok(duovox_trainer_report(trainer.get(), &report));
  EXPECT_EQ(report.step, 2);
  EXPECT_GT(report.mcr, 1) << "far from a codebook whose standard deviation is 4";
}

TEST(RingRepresentations, OfAPartStartAfterThoseOfEarlierRows) {
  const Example e;
  const Trainer trainer = feature_trainer(e);
  write_codebook(e);
  const Ring ring = ring_with(3);
  const duovox_batch batch = copy_to_slot(e, ring);
  const auto mcr = [&](int32_t first, int32_t rows) {
    const duovox_batch_shape part{1, rows, 4, 5, first, 0};
    expect_ok(duovox_trainer_evaluate(trainer.get(), ring.get(), &part, 1));
    duovox_train_report report{};
    expect_ok(duovox_trainer_evaluation(trainer.get(), &report));
    return report.mcr;
  };
  const double whole = mcr(0, 2), first = mcr(0, 1), second = mcr(1, 1);
  EXPECT_NEAR(whole, (first + second) / 2, 1e-5);
  batch.representations[0] += 100;
  EXPECT_EQ(mcr(1, 1), second);
  EXPECT_GT(mcr(0, 1), first + 1);
}

TEST(Parts, AreRowsOfTheSlotAndCheckedAgainstIt) {
  const Example e;
  std::vector<float> whole(64), part(32);
  expect_ok(duovox_model_encode(e.model.get(), e.ring.get(), &e.shape, -1, DUOVOX_PHONETIC,
                                whole.data(), 64));
  duovox_batch_shape second{1, 1, 4, 5, 1, 0};
  expect_ok(duovox_model_encode(e.model.get(), e.ring.get(), &second, -1, DUOVOX_PHONETIC,
                                part.data(), 32));
  for (int i = 0; i < 32; ++i) EXPECT_NEAR(part[i], whole[32 + i], 1e-5);
  const auto refused = [&](duovox_batch_shape shape, const std::string& text) {
    expect_failure_with(
        duovox_model_encode(e.model.get(), e.ring.get(), &shape, -1, 0, whole.data(), 64),
        DUOVOX_INVALID_ARGUMENT, text);
  };
  refused({1, 1, 4, 5, -1, 0}, "shape.first_row = -1, must be 0 to 2");
  refused({1, 2, 4, 5, 2, 0}, "shape.first_row = 2, must be 0 to 1");
  refused({1, 1, 5, 5, 2, 0},
          "(shape.first_row + shape.rows) x shape.tokens = 15, must be at most the ring's 12");
  e.batch.contextual[5] = 99;
  refused(second, "contextual: row 1, position 1: 99");
  e.batch.lengths[1] = 0;
  refused(second, "lengths[1] = 0");
}

TEST(Joint, EncodesClassifiesAndTrains) {
  duovox_model_config config = small_config();
  config.kind = DUOVOX_JOINT;
  const Example e(config);
  std::vector<float> both(128), logits(4);
  const auto encode = [&] {
    return duovox_model_encode(e.model.get(), e.ring.get(), &e.shape, -1, DUOVOX_BOTH, both.data(),
                               128);
  };
  expect_failure_with(encode(), DUOVOX_INVALID_ARGUMENT,
                      "row 0: 4 tokens and 5 phonetic units make a sequence of 9, must be at most "
                      "config.max_positions = 8");
  config.max_positions = 9;
  const Example fits(config);
  expect_ok(duovox_model_encode(fits.model.get(), fits.ring.get(), &fits.shape, -1, DUOVOX_BOTH,
                                both.data(), 128));
  for (int j = 0; j < 16; ++j) EXPECT_EQ(both[7 * 16 + j], 0) << "padding of the second row";
  expect_ok(
      duovox_model_classify(fits.model.get(), fits.ring.get(), &fits.shape, logits.data(), 4));
  for (const int32_t objective : {DUOVOX_PRETRAIN, DUOVOX_CLASSIFY, DUOVOX_PROBE}) {
    const Trainer trainer = fits.trainer(objective);
    expect_ok(duovox_trainer_step(trainer.get(), fits.ring.get(), &fits.shape, 1));
    duovox_train_report report{};
    expect_ok(duovox_trainer_report(trainer.get(), &report));
    EXPECT_EQ(report.targets, 2);
    EXPECT_TRUE(std::isfinite(report.loss));
  }
}

TEST(Flops, GrowWithWhatIsRead) {
  const Example e;
  double whole = 0, first = 0, second = 0;
  const auto flops = [&](int32_t row, int32_t rows, double* out) {
    const duovox_batch_shape shape{1, rows, 4, 5, row, 0};
    return duovox_model_flops(e.model.get(), e.ring.get(), &shape, out);
  };
  expect_ok(flops(0, 2, &whole));
  expect_ok(flops(0, 1, &first));
  expect_ok(flops(1, 1, &second));
  EXPECT_GT(second, 1000);
  EXPECT_GT(first, second);
  EXPECT_EQ(whole, first + second);
  expect_failure_with(flops(0, 2, nullptr), DUOVOX_INVALID_ARGUMENT, "flops is NULL");
  expect_failure_with(duovox_model_flops(nullptr, e.ring.get(), &e.shape, &whole),
                      DUOVOX_INVALID_ARGUMENT, "model is NULL");
}

TEST(Precision, Bfloat16NeedsAProcessorThatMultipliesIt) {
  duovox_runtime_info info;
  expect_ok(duovox_runtime(&info));
  duovox_model_config config = small_config();
  config.precision = DUOVOX_BF16;
  duovox_model* made = nullptr;
  const duovox_status status = duovox_model_create(&config, &made);
  const Model model(made);
  if (info.cpu_bf16 == 0) {
    expect_failure_with(status, DUOVOX_UNAVAILABLE, "does not multiply bfloat16");
    return;
  }
  expect_ok(status);
  const Example e(config);
  std::vector<float> half(128), full(128);
  expect_ok(duovox_model_encode(e.model.get(), e.ring.get(), &e.shape, -1, DUOVOX_BOTH, half.data(),
                                128));
  const Example exact;
  expect_ok(duovox_model_encode(exact.model.get(), exact.ring.get(), &exact.shape, -1, DUOVOX_BOTH,
                                full.data(), 128));
  for (int i = 0; i < 128; ++i) EXPECT_NEAR(half[i], full[i], 0.1);
}

}  // namespace
}  // namespace duovox::testing
