// A small model, ring and batch through the header alone, and checks of status and message
// together.
#ifndef DUOVOX_TESTS_ABI_SUPPORT_H
#define DUOVOX_TESTS_ABI_SUPPORT_H

#include <duovox/duovox.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

namespace duovox::testing {

template <class T, void (*Destroy)(T*)>
struct Deleter {
  void operator()(T* handle) const { Destroy(handle); }
};
using Model = std::unique_ptr<duovox_model, Deleter<duovox_model, duovox_model_destroy>>;
using Encoder = std::unique_ptr<duovox_encoder, Deleter<duovox_encoder, duovox_encoder_destroy>>;
using Ring = std::unique_ptr<duovox_ring, Deleter<duovox_ring, duovox_ring_destroy>>;
using Trainer = std::unique_ptr<duovox_trainer, Deleter<duovox_trainer, duovox_trainer_destroy>>;
using KMeans = std::unique_ptr<duovox_kmeans, Deleter<duovox_kmeans, duovox_kmeans_destroy>>;

/// The call failed with status, and the text is exactly "function: message".
inline void expect_failure(duovox_status actual, duovox_status status, const std::string& text) {
  EXPECT_EQ(actual, status);
  EXPECT_EQ(std::string(duovox_last_error()), text);
}

/// The same where only a part of the text is known.
inline void expect_failure_with(duovox_status actual, duovox_status status,
                                const std::string& part) {
  EXPECT_EQ(actual, status);
  EXPECT_NE(std::string(duovox_last_error()).find(part), std::string::npos) << duovox_last_error();
}

inline void expect_ok(duovox_status actual) { EXPECT_EQ(actual, DUOVOX_OK) << duovox_last_error(); }

inline duovox_model_config small_config() {
  duovox_model_config config;
  duovox_model_config_init(&config);
  config.contextual_codes = 5;
  config.phonetic_codes = 3;
  config.layers = 2;
  config.hidden = 8;
  config.heads = 2;
  config.feed_forward = 16;
  config.max_positions = 8;
  config.phonetic_embedding = 4;
  config.representation_width = 3;
  config.classes = 2;
  return config;
}

inline duovox_model_config single_config() {
  duovox_model_config config = small_config();
  config.kind = DUOVOX_SINGLE;
  config.phonetic_codes = 0;
  return config;
}

inline Model make_model(const duovox_model_config& config) {
  duovox_model* model = nullptr;
  expect_ok(duovox_model_create(&config, &model));
  return Model(model);
}

/// Two slots for up to 3 rows, 12 tokens, 24 phonetic units.
inline Ring make_ring(int64_t phonetic_units = 24) {
  const duovox_ring_config config{2, 3, 12, phonetic_units, DUOVOX_CPU, 0};
  duovox_ring* ring = nullptr;
  expect_ok(duovox_ring_create(&config, &ring));
  return Ring(ring);
}

/// A model, a ring and a good batch of 2 rows (4 and 3 tokens) in slot 1.
struct Example {
  Model model;
  Ring ring;
  duovox_batch batch{};
  duovox_batch_shape shape{1, 2, 4, 5, 0, 0};

  explicit Example(const duovox_model_config& config = small_config())
      : model(make_model(config)), ring(make_ring(config.kind == DUOVOX_SINGLE ? 0 : 24)) {
    expect_ok(duovox_ring_slot(ring.get(), 1, &batch));
    if (config.kind == DUOVOX_SINGLE) shape.phonetic_units = 0;
    const std::vector<int32_t> contextual{5, 7, 2, 6, 5, 7, 6, 8},
        targets{-1, 3, -1, -1, -1, 1, -1, -1}, starts{0, 1, 3, 4, 0, 1, 2, 0},
        ends{0, 2, 3, 4, 0, 1, 2, 0}, phonetic{3, 0, 1, 2, 3, 3, 1, 3, 3, 3};
    std::copy(contextual.begin(), contextual.end(), batch.contextual);
    std::copy(targets.begin(), targets.end(), batch.targets);
    std::copy(starts.begin(), starts.end(), batch.phonetic_start);
    std::copy(ends.begin(), ends.end(), batch.phonetic_end);
    if (config.kind != DUOVOX_SINGLE) std::copy(phonetic.begin(), phonetic.end(), batch.phonetic);
    for (int b = 0; b < 2; ++b) {
      batch.lengths[b] = 4 - b;
      batch.phonetic_lengths[b] = 5 - 2 * b;
      batch.labels[b] = b;
    }
  }

  Trainer trainer(int32_t objective, double mcr_weight = 0) const {
    duovox_train_config config;
    duovox_train_config_init(&config);
    config.objective = objective;
    config.mcr_weight = mcr_weight;
    config.steps = 10;
    config.warmup = 0;
    duovox_trainer* trainer = nullptr;
    expect_ok(duovox_trainer_create(model.get(), &config, &trainer));
    return Trainer(trainer);
  }

  int32_t index_of(const std::string& name) const {
    int32_t count = 0;
    expect_ok(duovox_model_parameters(model.get(), &count));
    for (int32_t i = 0; i < count; ++i) {
      duovox_parameter_info info;
      expect_ok(duovox_model_parameter(model.get(), i, &info));
      if (name == info.name) return i;
    }
    ADD_FAILURE() << "no " << name;
    return -1;
  }
};

/// Expects NaN for means over nothing; a 0 would be a perfect loss.
inline void expect_no_means(const duovox_train_report& report) {
  for (const double mean :
       {report.loss, report.mcp, report.mcr, report.accuracy, report.predicted_entropy,
        report.predicted_top, report.target_entropy, report.target_top}) {
    EXPECT_TRUE(std::isnan(mean)) << mean;
  }
}

inline duovox_train_report evaluation_of(const Trainer& trainer) {
  duovox_train_report report{};
  expect_ok(duovox_trainer_evaluation(trainer.get(), &report));
  return report;
}

/// An out-buffer between guard values, which detect a write outside.
class Guarded {
 public:
  explicit Guarded(size_t size) : values_(size + 2 * kGuard, kCanary) {}
  float* data() { return values_.data() + kGuard; }
  bool intact() const {
    for (size_t i = 0; i < kGuard; ++i) {
      if (values_[i] != kCanary || values_[values_.size() - 1 - i] != kCanary) return false;
    }
    return true;
  }
  bool untouched() const {
    return std::all_of(values_.begin(), values_.end(), [](float x) { return x == kCanary; });
  }
  float operator[](size_t i) const { return values_[kGuard + i]; }

 private:
  static constexpr size_t kGuard = 64;
  static constexpr float kCanary = 12345.0F;
  std::vector<float> values_;
};

}  // namespace duovox::testing

#endif  // DUOVOX_TESTS_ABI_SUPPORT_H
