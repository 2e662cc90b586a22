// A training that is saved and resumed equals the uninterrupted one bit by bit; loss scaling in a
// training.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "error.h"
#include "support.h"
#include "train/trainer.h"
#include "training.h"

namespace duovox::testing {
namespace {

constexpr int kSteps = 30;
constexpr int kReportEvery = 7;

/// A training with dropout, two parts a step and reports in between.
struct Course {
  explicit Course(const duovox_model_config& config, double loss_scale = 256) : model(config) {
    write_codebook(model);
    duovox_train_config training = quick(DUOVOX_PRETRAIN, kSteps, 5e-3);
    training.seed = 11;
    training.spike_warmup = 5;
    training.spike_threshold = 0.5;  // so that there are some
    training.scale_interval = 4;
    training.loss_scale = loss_scale;
    trainer.emplace(model, training);
  }

  /// Takes steps from + 1 to to; returns the reports in between.
  std::vector<duovox_train_report> run(int from, int to) {
    const duovox_model_config& config = model.config();
    std::vector<duovox_train_report> reports;
    for (int i = from + 1; i <= to; ++i) {
      trainer->step({random_batch(config, {9, 6}, 10 * i).inputs(),
                     random_batch(config, {7}, 10 * i + 5).inputs()});
      trainer->evaluate({random_batch(config, {5, 8}, i).inputs()});
      if (i % kReportEvery != 0) continue;
      reports.push_back(trainer->report());
      reports.push_back(trainer->evaluation());
    }
    return reports;
  }

  UnitModel model;
  std::optional<Trainer> trainer;
};

/// Returns a new training resumed from the state of another one.
std::unique_ptr<Course> resumed(Course& other, duovox_model_config config) {
  config.seed += 1;  // other initial values, all of which must be overwritten
  auto course = std::make_unique<Course>(config);
  const auto& tensors = other.model.parameters().all();
  for (size_t i = 0; i < tensors.size(); ++i) {
    const at::Tensor value = tensors[i].value.detach().contiguous();
    course->model.parameters().write(i, value.const_data_ptr<float>());
  }
  const auto &from = other.trainer->state(), &to = course->trainer->state();
  EXPECT_EQ(from.size(), to.size());
  for (size_t i = 0; i < from.size(); ++i) {
    EXPECT_EQ(from[i].name, to[i].name);
    to[i].write(from[i].read().clone());
  }
  return course;
}

void expect_equal_reports(const std::vector<duovox_train_report>& a,
                          const std::vector<duovox_train_report>& b, size_t skip) {
  ASSERT_EQ(a.size(), b.size() + skip);
  for (size_t i = 0; i < b.size(); ++i) {
    EXPECT_EQ(std::memcmp(&a[i + skip], &b[i], sizeof(b[i])), 0) << "report " << i + skip;
  }
}

void expect_resumes(int32_t precision, int every) {
  duovox_model_config config = small_config();
  config.dropout = 0.2;
  config.precision = precision;
  Course whole(config);
  const auto reports = whole.run(0, kSteps);
  EXPECT_GT(reports.at(4).spikes, 0);
  Course first(config);
  size_t seen = 0;
  for (int step = 0; step < kSteps; ++step) {
    if (step % every == 0) {
      auto second = resumed(first, config);
      expect_equal_reports(reports, second->run(step, kSteps), seen);
      expect_same(contents(*whole.trainer), contents(*second->trainer));
    }
    seen += first.run(step, step + 1).size();
  }
}

TEST(State, GoesOnBitByBitFromEveryStep) { expect_resumes(DUOVOX_FP32, 1); }
TEST(State, GoesOnBitByBitInHalfPrecision) { expect_resumes(DUOVOX_BF16, 5); }
TEST(State, GoesOnBitByBitWithLossScaling) { expect_resumes(DUOVOX_FP16, 5); }

TEST(State, HasTheDocumentedTensors) {
  Course course(small_config());
  std::map<std::string, at::Tensor> found;
  for (const StateTensor& tensor : course.trainer->state()) {
    EXPECT_TRUE(found.emplace(tensor.name, tensor.read()).second) << tensor.name << " twice";
    EXPECT_EQ(tensor.read().sizes(), at::IntArrayRef(tensor.shape)) << tensor.name;
    EXPECT_EQ(tensor.read().scalar_type(), tensor.type) << tensor.name;
    EXPECT_GE(tensor.shape.size(), 1) << tensor.name;
    EXPECT_LE(tensor.shape.size(), 4) << tensor.name;
  }
  for (const NamedTensor& tensor : course.model.parameters().all()) {
    const bool trained = tensor.trainable && tensor.name.rfind("heads.classification.", 0) != 0;
    for (const char* prefix : {"optimizer.mean.", "optimizer.variance."}) {
      ASSERT_EQ(found.count(prefix + tensor.name), trained ? 1 : 0) << prefix << tensor.name;
      if (!trained) continue;
      EXPECT_EQ(found.at(prefix + tensor.name).sizes(), tensor.value.sizes());
    }
  }
  EXPECT_EQ(found.at("optimizer.steps").scalar_type(), at::kFloat);
  EXPECT_EQ(found.at("progress").scalar_type(), at::kLong);
  EXPECT_EQ(found.at("meters.training.sums").scalar_type(), at::kDouble);
  EXPECT_EQ(found.at("meters.training.predicted").numel(), 11);
  EXPECT_EQ(found.at("meters.evaluation.expected").scalar_type(), at::kLong);
  EXPECT_EQ(found.at("spikes").scalar_type(), at::kDouble);
  EXPECT_EQ(found.at("loss_scale").scalar_type(), at::kDouble);
}

TEST(State, RefusesValuesThatCannotBe) {
  Course course(small_config());
  course.run(0, 3);
  const auto before = contents(*course.trainer);
  const auto refuse = [&](const std::string& name, double value, const std::string& part,
                          int64_t at = 0) {
    for (const StateTensor& tensor : course.trainer->state()) {
      if (tensor.name.rfind(name, 0) != 0) continue;
      at::Tensor values = tensor.read().clone();
      values.view({-1})[at].fill_(value);
      try {
        tensor.write(values);
        FAIL() << name << " taken";
      } catch (const Error& e) {
        EXPECT_EQ(e.status(), DUOVOX_INVALID_ARGUMENT);
        EXPECT_NE(std::string(e.what()).find(part), std::string::npos) << e.what();
      }
      return;
    }
    FAIL() << "no " << name;
  };
  refuse("optimizer.mean.", NAN, "not finite");
  refuse("optimizer.variance.", -1, "has the value -1, must be at least 0");
  refuse("optimizer.steps", -1, "optimizer.steps has the value -1");
  refuse("progress", -1, "progress has the value -1");
  refuse("progress", 31, "progress[0] = 31, must be at most the 30 steps");
  refuse("meters.training.sums", NAN, "not finite");
  refuse("meters.training.predicted", -2, "has the value -2");
  refuse("spikes", NAN, "not finite");
  refuse("loss_scale", 2, "precision is not DUOVOX_FP16");
  for (int64_t i = 0; i < 2; ++i) {
    for (const double value : std::initializer_list<double>{NAN, INFINITY, -INFINITY, 1e300, -1}) {
      refuse("loss_scale", value, "loss_scale = ", i);
    }
  }
  refuse("optimizer.steps", 31, "optimizer.steps has the value 31, must be at most 30");
  refuse("optimizer.steps", 0.5, "not whole numbers");
  refuse("optimizer.steps", NAN, "not finite");
  refuse("optimizer.variance.", INFINITY, "not finite");
  for (const int64_t counted : {1, 2, 3, 4}) {
    refuse("progress", 9.1e18, "progress has the value", counted);
  }
  refuse("meters.evaluation.expected", 9.1e18, "has the value");
  for (const int64_t sum : {3, 5, 6, 7, 8}) {  // hits, targets, batches, skipped, spikes
    const std::string named = "meters.training.sums[" + std::to_string(sum) + "] has ";
    refuse("meters.training.sums", -1, named, sum);
    refuse("meters.training.sums", 1e300, named, sum);
    refuse("meters.training.sums", 0.5, named, sum);
  }
  for (const int64_t first : {9, 10}) {  // the first step that was skipped, or a spike
    refuse("meters.evaluation.sums", 31, "must be at most 30", first);
    refuse("meters.evaluation.sums", 1e300, "must be at most 30", first);
    refuse("meters.evaluation.sums", -1, "must be at least 0", first);
  }
  refuse("spikes", -1, "spikes[1] has the value -1", 1);
  refuse("spikes", 1e300, "spikes[2] has the value 1e+300", 2);
  expect_same(before, contents(*course.trainer));
}

TEST(State, RefusesLossScalesThatAreNoNumbers) {
  duovox_model_config config = small_config();
  config.precision = DUOVOX_FP16;
  Course course(config);
  course.run(0, 3);
  const auto before = contents(*course.trainer);
  for (const StateTensor& tensor : course.trainer->state()) {
    if (tensor.name != "loss_scale") continue;
    for (int64_t i = 0; i < 2; ++i) {
      for (const double value :
           std::initializer_list<double>{NAN, INFINITY, -INFINITY, 1e300, -1, i == 0 ? 0 : 1.5}) {
        at::Tensor values = tensor.read().clone();
        values[i].fill_(value);
        try {
          tensor.write(values);
          ADD_FAILURE() << value << " taken";
        } catch (const Error& e) {
          EXPECT_EQ(e.status(), DUOVOX_INVALID_ARGUMENT);
          EXPECT_NE(std::string(e.what()).find("loss_scale[" + std::to_string(i) + "] = "),
                    std::string::npos)
              << e.what();
        }
      }
    }
    tensor.write(tensor.read());  // and what it gives, it takes
  }
  expect_same(before, contents(*course.trainer));
}

TEST(State, IsListedOnceAndReadWhenItIsAskedFor) {
  Course course(small_config());
  const std::vector<StateTensor>& state = course.trainer->state();
  const StateTensor* first = state.data();
  const auto progress = std::find_if(state.begin(), state.end(), [](const StateTensor& tensor) {
    return tensor.name == "progress";
  });
  EXPECT_EQ(progress->read()[0].item<int64_t>(), 0);
  course.run(0, 3);
  EXPECT_EQ(course.trainer->state().data(), first);
  EXPECT_EQ(progress->read()[0].item<int64_t>(), 3);
}

/// A training in float16 whose gradients are infinite while the loss scale is above limit.
struct Scaled : Course {
  explicit Scaled(const duovox_model_config& config, double limit) : Course(config) {
    trainer->after_backward([this, limit](size_t) {
      if (scale() <= limit) return;
      const at::NoGradGuard no_grad;
      at::Tensor gradient = model.parameters().named("heads.mcp.dense.bias").compute.grad();
      gradient[0].fill_(INFINITY);
      tries += 1;
    });
  }
  double scale() const { return std::ldexp(256, -tries); }
  int tries = 0;
};

TEST(LossScaling, TriesTheSameBatchAgainWithASmallerScale) {
  duovox_model_config config = small_config();
  config.precision = DUOVOX_FP16;
  config.dropout = 0.2;
  const Inputs inputs = random_batch(config, {9, 6}).inputs();
  Course plain(config, 32);  // the scale that the other one finds
  Scaled scaled(config, 32);
  plain.trainer->step({inputs});
  scaled.trainer->step({inputs});
  EXPECT_EQ(scaled.tries, 3);
  const auto report = scaled.trainer->report();
  EXPECT_EQ(report.loss_scale, 32);
  EXPECT_EQ(report.skipped, 0);
  EXPECT_EQ(report.step, 1);
  EXPECT_EQ(report.targets, inputs.positions.size(0));
  EXPECT_EQ(report.loss, plain.trainer->report().loss);
  expect_close(plain.model, scaled.model, 0);
}

TEST(LossScaling, EndsWithTheStepThatNoScaleMakesFinite) {
  duovox_model_config config = small_config();
  config.precision = DUOVOX_FP16;
  const Inputs inputs = random_batch(config, {9, 6}).inputs();
  Course course(config);
  course.trainer->step({inputs});
  course.trainer->after_backward([&](size_t) {
    const at::NoGradGuard no_grad;
    at::Tensor bias = course.model.parameters().named("heads.mcp.dense.bias").compute;
    bias.mutable_grad()[0].fill_(INFINITY);
  });
  const auto before = contents(*course.trainer);
  try {
    course.trainer->step({inputs});
    FAIL() << "not noticed";
  } catch (const Error& e) {
    EXPECT_EQ(e.status(), DUOVOX_DIVERGED);
    EXPECT_NE(std::string(e.what()).find("at step 2 with any loss scale from 256"),
              std::string::npos)
        << e.what();
  }
  expect_same(before, contents(*course.trainer));
  course.trainer->after_backward({});
  course.trainer->step({inputs});
  EXPECT_EQ(course.trainer->report().step, 2);
}

TEST(LossScaling, GrowsWhileTraining) {
  duovox_model_config config = small_config();
  config.precision = DUOVOX_FP16;
  Course course(config);
  course.run(0, 9);
  EXPECT_EQ(course.trainer->report().loss_scale, 1024);  // twice after 4 finite steps
}

}  // namespace
}  // namespace duovox::testing
