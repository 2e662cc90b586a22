// Steps in parts, steps that fail, and gradients of copies in shorter types.
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

/// A step that fails in its second part leaves no trace, whatever exception was thrown.
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
    expect_no_trace(precision,
                    [] { TORCH_CHECK_WITH(OutOfMemoryError, false, "no memory on the device"); });
  }
}

TEST(Parts, WithoutMemoryInAnEvaluationNothingIsCounted) {
  const duovox_model_config config = small_config();
  TestBatch batch = random_batch(config, {9, 6, 7, 12});
  UnitModel model(config);
  write_codebook(model);
  Trainer trainer(model, quick(DUOVOX_PRETRAIN, 10, 1e-3));
  trainer.evaluate({batch.inputs()});
  const auto whole = trainer.evaluation();
  trainer.after_evaluation([](size_t part) {
    if (part == 1) throw std::bad_alloc();
  });
  const auto before = contents(trainer);
  EXPECT_THROW(trainer.evaluate({batch.part(0, 2), batch.part(2, 2)}), std::bad_alloc);
  expect_same(before, contents(trainer));
  trainer.after_evaluation({});
  trainer.evaluate({batch.part(0, 1), batch.part(1, 1), batch.part(2, 1), batch.part(3, 1)});
  const auto cut = trainer.evaluation();
  EXPECT_EQ(cut.targets, whole.targets);
  EXPECT_EQ(cut.units, whole.units);
  EXPECT_NEAR(cut.loss, whole.loss, 1e-6);
  EXPECT_NEAR(cut.mcr, whole.mcr, 1e-6);
  EXPECT_EQ(cut.accuracy, whole.accuracy);
}

/// Runs the body directly and records its arguments.
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
  TestBatch one = random_batch(config, {9, 6}, 1), alike = one,
            other = random_batch(config, {6, 9});
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
    EXPECT_EQ(a.not_finite.item<float>(), 0);
    EXPECT_EQ(a.norm.item<float>(), b.norm.item<float>());
    optimizer.update(a, a.not_finite, 0.1);
    plain.update(b, b.not_finite, 0.1);
  }
  EXPECT_TRUE(value.equal(twin));
  EXPECT_EQ(bias.item<float>(), 0);
  copy.mutable_grad() = at::tensor({INFINITY, 1.0F}).to(type);
  optimizer.collect();
  EXPECT_EQ(optimizer.measure(at::zeros({}), scale).not_finite.item<float>(), 1);
}

TEST(Optimizer, AddsUpGradientsOfCopiesInFloat32) {
  expect_copies_work(at::kBFloat16, 1);
  expect_copies_work(at::kHalf, 64);
}

}  // namespace
}  // namespace duovox::testing
