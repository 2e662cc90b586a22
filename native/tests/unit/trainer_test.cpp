// Parts of a step, what is left when one fails, loss scaling, spikes and spreads.
#include "train/trainer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <new>

#include "error.h"
#include "support.h"
#include "train/config.h"
#include "training.h"

namespace duovox::testing {
namespace {

TEST(Parts, AreOneStepOverAllTargets) {
  duovox_model_config config = small_config();
  config.dropout = 0.2;
  TestBatch batch = random_batch(config, {9, 6, 7, 12});
  const Inputs whole = batch.inputs();
  const std::vector<Inputs> parts{batch.part(0, 2), batch.part(2, 1), batch.part(3, 1)};
  UnitModel a(config), b(config);
  write_codebook(a);
  write_codebook(b);
  Trainer one(a, quick(DUOVOX_PRETRAIN, 10, 1e-3)), many(b, quick(DUOVOX_PRETRAIN, 10, 1e-3));
  for (int i = 0; i < 5; ++i) {
    one.step({whole});
    many.step(parts);
  }
  const auto x = one.report(), y = many.report();
  EXPECT_EQ(x.targets, y.targets);
  EXPECT_EQ(x.units, y.units);
  EXPECT_EQ(y.step, 5);
  EXPECT_NEAR(x.loss, y.loss, 1e-5);
  EXPECT_NEAR(x.gradient_norm, y.gradient_norm, 1e-4);
  EXPECT_EQ(x.accuracy, y.accuracy);
  EXPECT_NEAR(x.predicted_entropy, y.predicted_entropy, 1e-12);
  expect_close(a, b, 2e-5);
}

TEST(Parts, WithoutTargetsAreReadButWeighNothing) {
  const duovox_model_config config = small_config();
  const Inputs inputs = random_batch(config, {9, 6}).inputs();
  TestBatch empty = random_batch(config, {5}, 9);
  std::fill(empty.targets.begin(), empty.targets.end(), -1);
  UnitModel a(config), b(config);
  write_codebook(a);
  write_codebook(b);
  Trainer one(a, quick(DUOVOX_PRETRAIN, 10, 1e-3)), two(b, quick(DUOVOX_PRETRAIN, 10, 1e-3));
  one.step({inputs});
  two.step({empty.inputs(), inputs});
  expect_close(a, b, 0);
  const auto x = one.report(), y = two.report();
  EXPECT_EQ(x.loss, y.loss);
  EXPECT_EQ(x.targets, y.targets);
  EXPECT_EQ(x.units + empty.inputs().units, y.units);
}

/// A step that fails in its second part leaves no trace, whatever was thrown.
template <class Failure>
void expect_no_trace(int32_t precision, Failure failure) {
  duovox_model_config config = small_config();
  config.dropout = 0.1;
  config.precision = precision;
  const std::vector<Inputs> parts{random_batch(config, {9, 6}, 1).inputs(),
                                  random_batch(config, {7}, 3).inputs()};
  UnitModel a(config), b(config);
  write_codebook(a);
  write_codebook(b);
  Trainer clean(a, quick(DUOVOX_PRETRAIN, 10, 1e-3)), shaken(b, quick(DUOVOX_PRETRAIN, 10, 1e-3));
  for (int i = 0; i < 4; ++i) {
    clean.step(parts);
    shaken.after_backward([&](size_t part) {
      if (part == 1) failure();
    });
    const auto before = contents(shaken);
    EXPECT_ANY_THROW(shaken.step(parts));
    expect_same(before, contents(shaken));
    for (const NamedTensor& tensor : b.parameters().all()) {
      EXPECT_FALSE(tensor.compute.grad().defined()) << tensor.name;
    }
    shaken.after_backward({});
    shaken.step(parts);
  }
  expect_close(a, b, 0);
  expect_same(contents(clean), contents(shaken));
}

TEST(Parts, WithoutMemoryInTheMiddleNothingChanges) {
  for (const int32_t precision : {DUOVOX_FP32, DUOVOX_BF16, DUOVOX_FP16}) {
    expect_no_trace(precision, [] { throw std::bad_alloc(); });
    expect_no_trace(precision, [] {
      TORCH_CHECK_WITH(OutOfMemoryError, false, "no memory on the device");
    });
  }
}

/// Runs the body as it is, and keeps what it was told.
struct PlainRunner final : StepRunner {
  explicit PlainRunner(std::vector<std::vector<int64_t>>& seen) : keys(seen) {}
  void run(const std::vector<int64_t>& key, const std::vector<at::Tensor>& buffers,
           const std::function<void()>& body) override {
    keys.push_back(key);
    clocks.push_back(buffers.back().clone());
    EXPECT_EQ(buffers.size(), 2);
    body();
  }
  std::vector<std::vector<int64_t>>& keys;
  std::vector<at::Tensor> clocks;
};

TEST(Runner, TakesTheSameSteps) {
  duovox_model_config config = small_config();
  config.dropout = 0.2;
  UnitModel a(config), b(config);
  write_codebook(a);
  write_codebook(b);
  std::vector<std::vector<int64_t>> keys;
  const duovox_train_config training = quick(DUOVOX_PRETRAIN, 10, 1e-3);
  Trainer plain(a, training), run(b, training, std::make_unique<PlainRunner>(keys));
  TestBatch one = random_batch(config, {9, 6}, 1), alike = one, other = random_batch(config, {6, 9});
  alike.contextual[2] = 3;  // other contents, the same layout
  for (TestBatch* batch : {&one, &alike, &other, &one}) {
    plain.step({batch->inputs()});
    run.step({batch->inputs()});
  }
  plain.step({one.part(0, 1), one.part(1, 1)});
  run.step({one.part(0, 1), one.part(1, 1)});  // more than one part: not by the runner
  ASSERT_EQ(keys.size(), 4);
  EXPECT_EQ(keys[0], keys[1]);
  EXPECT_NE(keys[0], keys[2]);
  EXPECT_EQ(keys[0], keys[3]);
  expect_close(a, b, 1e-6);  // the rate is a float32 on the device
  const auto x = plain.report(), y = run.report();
  EXPECT_EQ(x.units, y.units);
  EXPECT_EQ(x.targets, y.targets);
  EXPECT_NEAR(x.loss, y.loss, 1e-5);
  EXPECT_EQ(y.step, 5);
}

/// Copies in a shorter type than the values: gradients of both parts add up in float32.
void expect_copies_work(at::ScalarType type, double scale) {
  const at::NoGradGuard no_grad;
  at::Tensor value = at::tensor({1.0F, -2.0F}), twin = value.clone(), bias = at::zeros({1});
  at::Tensor copy = value.to(type).set_requires_grad(true);
  at::Tensor unreached = bias.to(type).set_requires_grad(true);
  Optimizer optimizer(default_train_config(), {{"w", value, copy, true, true, {}},
                                               {"b", bias, unreached, true, false, {}}});
  Optimizer plain(default_train_config(), {{"w", twin, twin, true, true, {}}});
  for (int step = 0; step < 3; ++step) {
    // Their sum in the short type would lose the smaller one.
    for (const float part : {256.0F, 0.25F, 0.5F}) {
      copy.mutable_grad() = at::tensor({part, -part}).mul(scale / 1024).to(type);
      optimizer.collect();
      EXPECT_FALSE(copy.grad().defined());
    }
    twin.mutable_grad() = at::tensor({256.75F, -256.75F}).div(1024);
    const auto a = optimizer.measure(at::zeros({}), scale), b = plain.measure(at::zeros({}), 1);
    EXPECT_EQ(a.bad.item<float>(), 0);
    EXPECT_EQ(a.norm.item<float>(), b.norm.item<float>());
    optimizer.update(a, a.bad, 0.1);
    plain.update(b, b.bad, 0.1);
  }
  EXPECT_TRUE(value.equal(twin));
  EXPECT_EQ(bias.item<float>(), 0);
  copy.mutable_grad() = at::tensor({INFINITY, 1.0F}).to(type);
  optimizer.collect();
  EXPECT_EQ(optimizer.measure(at::zeros({}), scale).bad.item<float>(), 1);
}

TEST(Optimizer, AddsUpGradientsOfCopiesInFloat32) {
  expect_copies_work(at::kBFloat16, 1);
  expect_copies_work(at::kHalf, 64);
}

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
  for (double scale = 2048; scale > LossScaler::kLeast; scale /= 2) EXPECT_TRUE(scaler.back_off());
  EXPECT_EQ(scaler.scale(), LossScaler::kLeast);
  EXPECT_FALSE(scaler.back_off());
  EXPECT_EQ(scaler.scale(), LossScaler::kLeast);
  for (int i = 0; i < 3 * 100; ++i) scaler.grow();
  EXPECT_EQ(scaler.scale(), LossScaler::kGreatest);
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
  const at::Tensor fine = at::zeros({}), bad = at::ones({});
  const auto judge = [&](double loss, const at::Tensor& flag) {
    const auto verdict = spikes.judge(at::scalar_tensor(loss, at::kDouble), flag);
    EXPECT_EQ(verdict.skip.item<double>(), 0);
    spikes.commit(verdict);
    return verdict.spike.item<double>() == 1;
  };
  EXPECT_FALSE(judge(3, fine));
  EXPECT_FALSE(judge(100, fine));  // in the warm-up nothing is one
  for (int i = 0; i < 1000; ++i) EXPECT_FALSE(judge(3 + 0.1 * std::sin(i), fine)) << i;
  EXPECT_NEAR(spikes.state()[0].item<double>(), 3, 0.05);
  const at::Tensor before = spikes.state().clone();
  EXPECT_FALSE(judge(NAN, bad));
  EXPECT_FALSE(judge(1e30, bad));
  EXPECT_TRUE(spikes.state().equal(before));
  EXPECT_TRUE(judge(1e30, fine));
  EXPECT_TRUE(judge(10, fine));  // the outlier did not widen the limit beyond use
  EXPECT_FALSE(judge(3, fine));
  EXPECT_FALSE(judge(-50, fine));  // only upwards
  int64_t found = 0;
  for (int i = 0; i < 1000; ++i) found += judge(10 + 0.1 * std::sin(i), fine) ? 1 : 0;
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
    EXPECT_EQ(report.loss > 0, skip == 0);
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
  EXPECT_EQ(spread(at::zeros({3}, at::kLong)).top, 0);
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
  trainer.evaluate(batch.inputs());
  for (const auto& report : {trainer.report(), trainer.evaluation()}) {
    EXPECT_EQ(report.predicted_entropy, 0);
    EXPECT_EQ(report.predicted_top, 1);
    EXPECT_NEAR(report.target_entropy, expected.entropy, 1e-12);
    EXPECT_NEAR(report.target_top, expected.top, 1e-12);
  }
  EXPECT_EQ(trainer.report().predicted_top, 0);
}

}  // namespace
}  // namespace duovox::testing
