// Parts of a step, and a training's state through the header.
#include <cmath>
#include <cstring>
#include <map>

#include "support.h"

namespace duovox::testing {
namespace {

struct Saved {
  duovox_parameter_info info;
  std::vector<char> bytes;
};

int64_t element_bytes(const duovox_parameter_info& info) {
  return info.dtype == DUOVOX_F32 ? sizeof(float) : sizeof(double);
}

std::vector<Saved> save(const Trainer& trainer) {
  int32_t count = 0;
  expect_ok(duovox_trainer_tensors(trainer.get(), &count));
  std::vector<Saved> saved(count);
  for (int32_t i = 0; i < count; ++i) {
    expect_ok(duovox_trainer_tensor(trainer.get(), i, &saved[i].info));
    saved[i].bytes.resize(saved[i].info.elements * element_bytes(saved[i].info));
    expect_ok(duovox_trainer_read(trainer.get(), i, saved[i].bytes.data(),
                                  static_cast<int64_t>(saved[i].bytes.size())));
  }
  return saved;
}

void copy_model(const Example& from, const Example& to) {
  int32_t count = 0;
  expect_ok(duovox_model_parameters(from.model.get(), &count));
  for (int32_t i = 0; i < count; ++i) {
    duovox_parameter_info info;
    expect_ok(duovox_model_parameter(from.model.get(), i, &info));
    std::vector<float> values(info.elements);
    expect_ok(duovox_model_read(from.model.get(), i, values.data(), info.elements));
    expect_ok(duovox_model_write(to.model.get(), i, values.data(), info.elements));
  }
}

void step(const Example& e, const Trainer& trainer, int parts) {
  const std::vector<duovox_batch_shape> shapes(parts, e.shape);
  expect_ok(duovox_trainer_step(trainer.get(), e.ring.get(), shapes.data(), parts));
}

duovox_train_report report_of(const Trainer& trainer) {
  duovox_train_report report{};
  expect_ok(duovox_trainer_report(trainer.get(), &report));
  return report;
}

TEST(TrainerState, GoesOnInAnotherTrainer) {
  const Example a, b;
  const Trainer whole = a.trainer(DUOVOX_PRETRAIN);
  for (int i = 0; i < 4; ++i) step(a, whole, 1 + i % 2);
  const Trainer rest = b.trainer(DUOVOX_PRETRAIN);
  copy_model(a, b);
  const auto saved = save(whole);
  for (size_t i = 0; i < saved.size(); ++i) {
    expect_ok(duovox_trainer_write(rest.get(), static_cast<int32_t>(i), saved[i].bytes.data(),
                                   static_cast<int64_t>(saved[i].bytes.size())));
  }
  for (const auto& [e, trainer] : {std::pair(&a, &whole), std::pair(&b, &rest)}) {
    step(*e, *trainer, 2);
    step(*e, *trainer, 1);
  }
  const auto x = save(whole), y = save(rest);
  for (size_t i = 0; i < x.size(); ++i) EXPECT_EQ(x[i].bytes, y[i].bytes) << x[i].info.name;
  const auto one = report_of(whole), other = report_of(rest);
  EXPECT_EQ(std::memcmp(&one, &other, sizeof(one)), 0);
  EXPECT_EQ(one.step, 6);
  EXPECT_EQ(one.targets, 9 * 2);
}

TEST(TrainerState, IsDescribed) {
  const Example e;
  const Trainer trainer = e.trainer(DUOVOX_PRETRAIN);
  std::map<std::string, duovox_parameter_info> found;
  for (const Saved& saved : save(trainer)) {
    EXPECT_TRUE(found.emplace(saved.info.name, saved.info).second) << saved.info.name;
    EXPECT_EQ(saved.info.trainable, 0);
    int64_t elements = 1;
    for (int i = 0; i < saved.info.rank; ++i) elements *= saved.info.shape[i];
    EXPECT_EQ(elements, saved.info.elements);
  }
  EXPECT_EQ(found.at("optimizer.mean.heads.mcp.dense.weight").rank, 2);
  EXPECT_EQ(found.at("optimizer.variance.heads.mcp.dense.weight").dtype, DUOVOX_F32);
  EXPECT_EQ(found.at("progress").dtype, DUOVOX_I64);
  EXPECT_EQ(found.at("loss_scale").dtype, DUOVOX_F64);
  EXPECT_EQ(found.at("meters.training.predicted").elements, 5);
}

TEST(TrainerState, RefusesWrongSizesAndIndices) {
  const Example e;
  const Trainer trainer = e.trainer(DUOVOX_PRETRAIN);
  int32_t count = 0;
  expect_ok(duovox_trainer_tensors(trainer.get(), &count));
  const std::string range = ", must be 0 to " + std::to_string(count - 1);
  duovox_parameter_info info{};
  std::vector<float> values(1024, 7);
  expect_failure(duovox_trainer_tensor(trainer.get(), count, &info), DUOVOX_INVALID_ARGUMENT,
                 "duovox_trainer_tensor: index = " + std::to_string(count) + range);
  expect_failure_with(duovox_trainer_read(trainer.get(), -1, values.data(), 4096),
                      DUOVOX_INVALID_ARGUMENT, "index = -1" + range);
  expect_failure_with(duovox_trainer_write(trainer.get(), -1, values.data(), 4096),
                      DUOVOX_INVALID_ARGUMENT, "index = -1" + range);
  expect_ok(duovox_trainer_tensor(trainer.get(), 0, &info));
  const int64_t bytes = info.elements * 4;
  expect_failure(duovox_trainer_read(trainer.get(), 0, values.data(), bytes - 1),
                 DUOVOX_INVALID_ARGUMENT,
                 "duovox_trainer_read: capacity = " + std::to_string(bytes - 1) +
                     ", must be at least " + std::to_string(bytes));
  EXPECT_EQ(values[0], 7);
  for (const int64_t wrong : {bytes - 4, bytes + 4, int64_t{0}}) {
    expect_failure(duovox_trainer_write(trainer.get(), 0, values.data(), wrong),
                   DUOVOX_INVALID_ARGUMENT,
                   "duovox_trainer_write: bytes = " + std::to_string(wrong) + ", must be " +
                       std::to_string(bytes) + ", the size of " + info.name);
  }
  values[0] = NAN;
  expect_failure_with(duovox_trainer_write(trainer.get(), 0, values.data(), bytes),
                      DUOVOX_INVALID_ARGUMENT, "not finite");
  expect_failure_with(duovox_trainer_write(trainer.get(), 0, nullptr, bytes),
                      DUOVOX_INVALID_ARGUMENT, "values is NULL");
  expect_failure_with(duovox_trainer_read(trainer.get(), 0, nullptr, bytes),
                      DUOVOX_INVALID_ARGUMENT, "values is NULL");
  expect_failure_with(duovox_trainer_tensor(trainer.get(), 0, nullptr), DUOVOX_INVALID_ARGUMENT,
                      "info is NULL");
  expect_failure_with(duovox_trainer_tensors(trainer.get(), nullptr), DUOVOX_INVALID_ARGUMENT,
                      "count is NULL");
  expect_failure_with(duovox_trainer_tensors(nullptr, &count), DUOVOX_INVALID_ARGUMENT,
                      "trainer is NULL");
}

TEST(TrainerParts, AreReadBeforeAnythingChanges) {
  const Example e;
  const Trainer trainer = e.trainer(DUOVOX_PRETRAIN);
  const auto before = save(trainer);
  std::vector<duovox_batch_shape> parts(3, e.shape);
  parts[2].slot = 5;
  expect_failure_with(duovox_trainer_step(trainer.get(), e.ring.get(), parts.data(), 3),
                      DUOVOX_INVALID_ARGUMENT, "shape.slot = 5");
  for (const int32_t count : {0, -1}) {
    expect_failure_with(duovox_trainer_step(trainer.get(), e.ring.get(), parts.data(), count),
                        DUOVOX_INVALID_ARGUMENT, "count = " + std::to_string(count));
  }
  const auto after = save(trainer);
  for (size_t i = 0; i < before.size(); ++i) EXPECT_EQ(before[i].bytes, after[i].bytes);
  expect_ok(duovox_trainer_step(trainer.get(), e.ring.get(), parts.data(), 2));
  const auto report = report_of(trainer);
  EXPECT_EQ(report.step, 1);
  EXPECT_EQ(report.targets, 4);
  EXPECT_EQ(report.units, 2 * (4 + 3 + 5 + 3));
}

}  // namespace
}  // namespace duovox::testing
