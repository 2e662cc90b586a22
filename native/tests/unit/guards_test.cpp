// The guards of a training: the loss scale as a state machine, loss spikes, and how predictions are
// distributed.
#include <gtest/gtest.h>

#include <cmath>

#include "error.h"
#include "support.h"
#include "train/trainer.h"
#include "training.h"

namespace duovox::testing {
namespace {

TEST(LossScaler, GrowsAfterFiniteStepsAndBacksOff) {
  duovox_train_config config = default_train_config();
  config.loss_scale = 1024;
  config.scale_interval = 3;
  LossScaler scaler(config, DUOVOX_FP16);
  scaler.grow();
  scaler.grow();
  EXPECT_EQ(scaler.scale(), 1024);
  EXPECT_EQ(scaler.finite_steps(), 2);
  scaler.grow();
  EXPECT_EQ(scaler.scale(), 2048);
  EXPECT_EQ(scaler.finite_steps(), 0);
  scaler.grow();
  scaler.grow();
  EXPECT_TRUE(scaler.back_off());  // and the finite steps before it no longer count
  EXPECT_EQ(scaler.scale(), 1024);
  scaler.grow();
  scaler.grow();
  EXPECT_EQ(scaler.scale(), 1024);
  scaler.grow();
  EXPECT_EQ(scaler.scale(), 2048);
  for (double scale = 2048; scale > LossScaler::kMin; scale /= 2) EXPECT_TRUE(scaler.back_off());
  EXPECT_EQ(scaler.scale(), LossScaler::kMin);
  EXPECT_FALSE(scaler.back_off());
  EXPECT_EQ(scaler.scale(), LossScaler::kMin);
  for (int i = 0; i < 3 * 100; ++i) scaler.grow();
  EXPECT_EQ(scaler.scale(), LossScaler::kMax);
}

TEST(LossScaler, IsOffInOtherPrecisions) {
  for (const int32_t precision : {DUOVOX_FP32, DUOVOX_BF16}) {
    LossScaler scaler(default_train_config(), precision);
    EXPECT_FALSE(scaler.active());
    for (int i = 0; i < 3000; ++i) scaler.grow();
    EXPECT_EQ(scaler.scale(), 1);
    EXPECT_FALSE(scaler.back_off());
  }
}

TEST(LossScaler, RefusesStatesThatCannotBe) {
  LossScaler on(default_train_config(), DUOVOX_FP16), off(default_train_config(), DUOVOX_FP32);
  EXPECT_THROW(on.restore(0, 0), Error);
  EXPECT_THROW(on.restore(NAN, 0), Error);
  EXPECT_THROW(on.restore(4, 2000), Error);
  EXPECT_THROW(on.restore(4, -1), Error);
  EXPECT_THROW(off.restore(4, 0), Error);
  on.restore(4, 1999);
  on.grow();
  EXPECT_EQ(on.scale(), 8);
}

TEST(Spikes, AreFoundAfterTheWarmUpAndNeitherHideNorStay) {
  duovox_train_config config = default_train_config();
  config.spike_threshold = 6;
  config.spike_warmup = 20;
  Spikes spikes(config, at::kCPU);
  const at::Tensor finite = at::zeros({}), not_finite = at::ones({});
  const auto judge = [&](double loss, const at::Tensor& flag) {
    const auto verdict = spikes.judge(at::scalar_tensor(loss, at::kDouble), flag);
    EXPECT_EQ(verdict.skip.item<double>(), 0);
    spikes.commit(verdict);
    return verdict.spike.item<double>() == 1;
  };
  EXPECT_FALSE(judge(3, finite));
  EXPECT_FALSE(judge(100, finite));  // in the warm-up nothing is one
  for (int i = 0; i < 1000; ++i) EXPECT_FALSE(judge(3 + 0.1 * std::sin(i), finite)) << i;
  EXPECT_NEAR(spikes.state()[0].item<double>(), 3, 0.05);
  const at::Tensor before = spikes.state().clone();
  EXPECT_FALSE(judge(NAN, not_finite));
  EXPECT_FALSE(judge(1e30, not_finite));
  EXPECT_TRUE(spikes.state().equal(before));
  EXPECT_TRUE(judge(1e30, finite));
  EXPECT_TRUE(judge(10, finite));  // the outlier did not widen the limit beyond use
  EXPECT_FALSE(judge(3, finite));
  EXPECT_FALSE(judge(-50, finite));  // only upwards
  int64_t found = 0;
  for (int i = 0; i < 1000; ++i) found += judge(10 + 0.1 * std::sin(i), finite) ? 1 : 0;
  EXPECT_LT(found, 100);  // a lasting change of level is learned
}

TEST(Spikes, SkipTheUpdateWhereAsked) {
  const duovox_model_config config = small_config();
  const Inputs calm = random_batch(config, {9, 6}).inputs();
  for (const int32_t skip : {0, 1}) {
    UnitModel model(config);
    write_codebook(model);
    duovox_train_config training = quick(DUOVOX_PRETRAIN, 100, 1e-5);
    training.spike_warmup = 10;
    training.spike_skip = skip;
    Trainer trainer(model, training);
    for (int i = 0; i < 20; ++i) trainer.step({calm});
    const auto before = trainer.report();
    EXPECT_EQ(before.spikes, 0);
    EXPECT_EQ(before.first_spike, 0);
    at::Tensor bias = model.parameters().named("heads.mcp.output.bias").value;
    {
      const at::NoGradGuard no_grad;
      bias[0].fill_(100);
    }
    const at::Tensor broken = bias.detach().clone();
    trainer.step({calm});
    const auto report = trainer.report();
    EXPECT_EQ(report.spikes, 1);
    EXPECT_EQ(report.first_spike, 21);
    EXPECT_EQ(report.skipped, 0);
    EXPECT_EQ(bias.equal(broken), skip == 1);
    EXPECT_EQ(std::isnan(report.loss), skip == 1);  // the only step is in no mean
    EXPECT_EQ(report.targets, calm.positions.size(0));
  }
}

TEST(Meters, SpreadsAreEntropyAndTopShare) {
  const Spread even = spread(at::tensor({2, 2, 0, 2, 2}, at::kLong));
  EXPECT_NEAR(even.entropy, std::log(4), 1e-12);
  EXPECT_EQ(even.top, 0.25);
  const Spread one = spread(at::tensor({0, 7}, at::kLong));
  EXPECT_EQ(one.entropy, 0);
  EXPECT_EQ(one.top, 1);
  const Spread skewed = spread(at::tensor({3, 1}, at::kLong));
  EXPECT_NEAR(skewed.entropy, -0.75 * std::log(0.75) - 0.25 * std::log(0.25), 1e-12);
  EXPECT_EQ(skewed.top, 0.75);
  const Spread none = spread(at::zeros({3}, at::kLong));
  EXPECT_EQ(none.count, 0);
  EXPECT_TRUE(std::isnan(none.top));
  EXPECT_TRUE(std::isnan(none.entropy));
}

TEST(Meters, ReportHowCodesArePredicted) {
  const duovox_model_config config = small_config();
  UnitModel model(config);
  write_codebook(model);
  Trainer trainer(model, quick(DUOVOX_PRETRAIN, 100, 1e-3));
  TestBatch batch = random_batch(config, {9, 6});
  const at::Tensor targets = batch.inputs().targets;
  {
    const at::NoGradGuard no_grad;
    at::Tensor bias = model.parameters().named("heads.mcp.output.bias").value;
    bias[targets[0].item<int64_t>()].fill_(50);
  }
  const Spread expected = spread(targets.bincount({}, 11));
  trainer.step({batch.inputs()});
  trainer.evaluate({batch.inputs()});
  for (const auto& report : {trainer.report(), trainer.evaluation()}) {
    EXPECT_EQ(report.predicted_entropy, 0);
    EXPECT_EQ(report.predicted_top, 1);
    EXPECT_NEAR(report.target_entropy, expected.entropy, 1e-12);
    EXPECT_NEAR(report.target_top, expected.top, 1e-12);
  }
  EXPECT_TRUE(std::isnan(trainer.report().predicted_top));
}

}  // namespace
}  // namespace duovox::testing
