// Training on a CUDA device against the same training on the CPU, through the header. Skipped, with
// the reason, where there is no device.
#include <cmath>
#include <cstdlib>

#include "../abi/support.h"

namespace duovox::testing {
namespace {

constexpr int kRows = 4, kTokens = 8, kSteps = 10;

/// A model, a ring with one batch, and trainings of it, on one device. With representations their
/// reconstruction is trained too, each step with others.
struct Site {
  Model model;
  Ring ring;
  duovox_batch batch{};
  duovox_batch_shape shape{0, kRows, kTokens, kTokens, 0, 0};
  int32_t width;

  Site(int32_t device, int32_t precision, double dropout, int32_t representations = 0)
      : width(representations) {
    duovox_model_config config = small_config();
    config.hidden = 32;
    config.representation_width = width;
    config.device = device;
    config.precision = precision;
    config.dropout = dropout;
    model = make_model(config);
    const duovox_ring_config ring_config{1, kRows, kRows * kTokens, kRows * kTokens, device, width};
    duovox_ring* made = nullptr;
    expect_ok(duovox_ring_create(&ring_config, &made));
    ring.reset(made);
    expect_ok(duovox_ring_slot(made, 0, &batch));
    fill(batch);
    if (width > 0) write_codebook();
  }

  /// The model's first tensor.
  void write_codebook() const {
    duovox_parameter_info info;
    expect_ok(duovox_model_parameter(model.get(), 0, &info));
    ASSERT_STREQ(info.name, "contextual.codebook");
    std::vector<float> values(info.elements);
    for (size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(i * i % 7);
    expect_ok(duovox_model_write(model.get(), 0, values.data(), info.elements));
  }

  void fill_representations(float value) const {
    for (int i = 0; i < kRows * kTokens * width; ++i) {
      batch.representations[i] = value + static_cast<float>(i % 3);
    }
  }

  static void fill(const duovox_batch& batch) {
    for (int b = 0; b < kRows; ++b) {
      for (int t = 0; t < kTokens; ++t) {
        const int at = b * kTokens + t, code = (3 * b + t) % 5;
        const bool edge = t == 0 || t == kTokens - 1;
        batch.contextual[at] = t == 0 ? 5 : edge ? 6 : t % 3 == 1 ? 7 : code;
        batch.targets[at] = !edge && t % 3 == 1 ? code : -1;
        batch.phonetic[at] = edge ? 3 : (b + t) % 3;
        batch.phonetic_start[at] = batch.phonetic_end[at] = t;
      }
      batch.lengths[b] = batch.phonetic_lengths[b] = kTokens;
      batch.labels[b] = b % 2;
    }
  }

  std::vector<duovox_train_report> train() const {
    duovox_train_config config;
    expect_ok(duovox_train_config_init(&config));
    config.steps = kSteps;
    config.warmup = 0;
    config.learning_rate = 1e-2;
    config.mcr_weight = width > 0 ? 1 : 0;
    config.mcr_target = DUOVOX_TARGET_FEATURE;
    config.seed = 5;
    duovox_trainer* made = nullptr;
    expect_ok(duovox_trainer_create(model.get(), &config, &made));
    const Trainer trainer(made);
    std::vector<duovox_train_report> reports(kSteps);
    for (int i = 0; i < kSteps; ++i) {
      fill_representations(static_cast<float>(i));
      expect_ok(duovox_trainer_step(made, ring.get(), &shape, 1));
      fill_representations(1e6F);  // the slot is the caller's again
      expect_ok(duovox_trainer_report(made, &reports[i]));
    }
    return reports;
  }
};

class Gpu : public ::testing::Test {
 protected:
  void SetUp() override {
    if (duovox_cuda_load() != DUOVOX_OK) {
      GTEST_SKIP() << "NOT TESTED on a CUDA device: " << duovox_last_error();
    }
  }
  void TearDown() override { unsetenv("DUOVOX_CUDA_GRAPHS"); }
};

void expect_near(const std::vector<duovox_train_report>& a,
                 const std::vector<duovox_train_report>& b, double tolerance) {
  for (int i = 0; i < kSteps; ++i) {
    EXPECT_EQ(a[i].step, b[i].step);
    EXPECT_EQ(a[i].targets, b[i].targets);
    EXPECT_EQ(a[i].units, b[i].units);
    EXPECT_EQ(b[i].skipped, 0);
    EXPECT_NEAR(a[i].loss, b[i].loss, tolerance) << "step " << i + 1;
    EXPECT_NEAR(a[i].gradient_norm, b[i].gradient_norm, 20 * tolerance) << "step " << i + 1;
  }
}

TEST_F(Gpu, TrainsAsTheCpuDoes) {
  const auto cpu = Site(DUOVOX_CPU, DUOVOX_FP32, 0).train();
  EXPECT_LT(cpu.back().loss, 0.9 * cpu.front().loss);
  expect_near(cpu, Site(DUOVOX_CUDA, DUOVOX_FP32, 0).train(), 1e-3);
  expect_near(cpu, Site(DUOVOX_CUDA, DUOVOX_BF16, 0).train(), 0.1);
  const auto half = Site(DUOVOX_CUDA, DUOVOX_FP16, 0).train();
  expect_near(cpu, half, 0.05);
  EXPECT_GE(half.back().loss_scale, 1);
}

TEST_F(Gpu, GivesASlotBackWhenTheCallReturns) {
  const auto cpu = Site(DUOVOX_CPU, DUOVOX_FP32, 0, 3).train();
  EXPECT_LT(cpu.back().loss, 100);
  expect_near(cpu, Site(DUOVOX_CUDA, DUOVOX_FP32, 0, 3).train(), 1e-3);
}

TEST_F(Gpu, RepeatsItsDropout) {
  const auto first = Site(DUOVOX_CUDA, DUOVOX_FP32, 0.2).train();
  expect_near(first, Site(DUOVOX_CUDA, DUOVOX_FP32, 0.2).train(), 1e-3);
  const auto without = Site(DUOVOX_CUDA, DUOVOX_FP32, 0).train();
  EXPECT_GT(std::abs(first.back().loss - without.back().loss), 1e-3);
}

/// Three steps as they are, one captured, the others replayed: masks, rates, step numbers and
/// contents of each step must be its own.
TEST_F(Gpu, GraphsTakeTheSameSteps) {
  for (const int32_t precision : {DUOVOX_FP32, DUOVOX_BF16}) {
    for (const double dropout : {0.0, 0.2}) {
      const auto plain = Site(DUOVOX_CUDA, precision, dropout).train();
      setenv("DUOVOX_CUDA_GRAPHS", "1", 1);
      const auto replayed = Site(DUOVOX_CUDA, precision, dropout).train();
      unsetenv("DUOVOX_CUDA_GRAPHS");
      expect_near(plain, replayed, precision == DUOVOX_FP32 ? 1e-3 : 0.02);
    }
  }
}

}  // namespace
}  // namespace duovox::testing
