// Small models and batches for the tests of the classes, and gradients by finite differences.
#ifndef DUOVOX_TESTS_UNIT_SUPPORT_H
#define DUOVOX_TESTS_UNIT_SUPPORT_H

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "model/config.h"
#include "model/inputs.h"
#include "model/parameters.h"
#include "model/unit_model.h"
#include "random.h"

namespace duovox::testing {

inline duovox_model_config small_config() {
  duovox_model_config config = default_model_config();
  config.contextual_codes = 11;
  config.phonetic_codes = 7;
  config.layers = 2;
  config.hidden = 8;
  config.heads = 2;
  config.feed_forward = 12;
  config.max_positions = 16;
  config.phonetic_embedding = 6;
  config.representation_width = 5;
  config.classes = 3;
  config.dropout = 0;
  config.seed = 3;
  return config;
}

inline duovox_model_config joint_config() {
  duovox_model_config config = small_config();
  config.kind = DUOVOX_JOINT;
  config.max_positions = 64;
  return config;
}

/// The prototype's choices: shared stacks, one shared interaction without activation, heads on both
/// channels.
inline duovox_model_config prototype_config() {
  duovox_model_config config = small_config();
  config.shared_stacks = 1;
  config.interaction = DUOVOX_INTERACTION_SHARED;
  config.interaction_activation = DUOVOX_ACTIVATION_NONE;
  config.interaction_split = config.interaction_bias = 0;
  config.type_embeddings = 1;
  config.head_layout = DUOVOX_HEADS_CONCATENATED;
  config.head_width = 2 * config.hidden;
  config.head_specials = 1;
  return config;
}

inline duovox_model_config single_config() {
  duovox_model_config config = small_config();
  config.kind = DUOVOX_SINGLE;
  config.phonetic_codes = 0;
  return config;
}

/// One utterance: CLS, tokens, SEP, with one to three phonetic units under each token.
struct Row {
  std::vector<int32_t> contextual, targets, phonetic, starts, ends;
  int32_t label = 0;
};

inline Row random_row(const duovox_model_config& config, int tokens, uint64_t seed) {
  Random random(seed);
  Row row;
  for (int t = 0; t < tokens; ++t) {
    const bool edge = t == 0 || t == tokens - 1;
    const auto code = static_cast<int32_t>(random.below(config.contextual_codes));
    const bool masked = !edge && t % 3 == 1;
    const int32_t edge_id = config.contextual_codes + (t == 0 ? 0 : 1);
    row.contextual.push_back(edge ? edge_id : masked ? config.contextual_codes + 2 : code);
    row.targets.push_back(masked ? code : -1);
    row.starts.push_back(static_cast<int32_t>(row.phonetic.size()));
    for (int64_t i = edge ? 0 : random.below(3); i >= 0; --i) {
      const auto unit = static_cast<int32_t>(random.below(std::max(1, config.phonetic_codes)));
      row.phonetic.push_back(edge ? config.phonetic_codes : unit);
    }
    row.ends.push_back(static_cast<int32_t>(row.phonetic.size()) - 1);
  }
  row.label = static_cast<int32_t>(random.below(std::max(1, config.classes)));
  return row;
}

/// A batch with its buffers; padding is filled with junk.
class TestBatch {
 public:
  TestBatch(const duovox_model_config& config, const std::vector<Row>& rows, int32_t junk = 999)
      : config_(config) {
    for (const Row& row : rows) {
      shape.tokens = std::max(shape.tokens, static_cast<int32_t>(row.contextual.size()));
      if (has_phonetic(config)) {
        shape.phonetic_units =
            std::max(shape.phonetic_units, static_cast<int32_t>(row.phonetic.size()));
      }
    }
    shape.rows = static_cast<int32_t>(rows.size());
    Random random(31);
    for (const Row& row : rows) {
      for (const int32_t target : row.targets) {
        for (int32_t i = 0; target >= 0 && i < config.representation_width; ++i) {
          representations.push_back(static_cast<float>(random.uniform() * 4 - 2));
        }
      }
      append(contextual, row.contextual, shape.tokens, junk);
      append(targets, row.targets, shape.tokens, junk);
      append(starts, row.starts, shape.tokens, junk);
      append(ends, row.ends, shape.tokens, junk);
      append(phonetic, row.phonetic, shape.phonetic_units, junk);
      lengths.push_back(static_cast<int32_t>(row.contextual.size()));
      phonetic_lengths.push_back(static_cast<int32_t>(row.phonetic.size()));
      labels.push_back(row.label);
    }
  }

  duovox_batch buffers() {
    return {contextual.data(),       targets.data(), phonetic.data(),
            starts.data(),           ends.data(),    lengths.data(),
            phonetic_lengths.data(), labels.data(),  representations.data()};
  }
  Inputs inputs(Purpose purpose = Purpose::kPretrain) {
    return read_batch(config_, buffers(), shape, purpose);
  }
  /// Rows first to first + rows - 1 of the same buffers.
  Inputs part(int32_t first, int32_t rows, Purpose purpose = Purpose::kPretrain) {
    duovox_batch_shape cut = shape;
    cut.first_row = first;
    cut.rows = rows;
    return read_batch(config_, buffers(), cut, purpose);
  }

  duovox_batch_shape shape{};
  std::vector<int32_t> contextual, targets, phonetic, starts, ends, lengths, phonetic_lengths,
      labels;
  std::vector<float> representations;

 private:
  static void append(std::vector<int32_t>& to, std::vector<int32_t> row, int32_t width,
                     int32_t junk) {
    row.resize(width, junk);
    to.insert(to.end(), row.begin(), row.end());
  }
  duovox_model_config config_;
};

inline TestBatch random_batch(const duovox_model_config& config, const std::vector<int>& lengths,
                              uint64_t seed = 1) {
  std::vector<Row> rows;
  for (const int length : lengths) rows.push_back(random_row(config, length, seed++));
  return {config, rows};
}

/// Changes every parameter, so that initial zeros and ones hide no error.
inline void scramble(Parameters& parameters, uint64_t seed = 5, double scale = 0.3) {
  Random random(seed);
  for (size_t i = 0; i < parameters.all().size(); ++i) {
    std::vector<float> values(parameters.all()[i].value.numel());
    for (float& value : values) value = static_cast<float>((random.uniform() * 2 - 1) * scale);
    parameters.write(i, values.data());
  }
}

/// Fills every buffer with a codebook far from the standard scale.
inline void write_codebooks(UnitModel& model) {
  Random random(11);
  const auto& all = model.parameters().all();
  for (size_t i = 0; i < all.size(); ++i) {
    if (all[i].trainable) continue;
    std::vector<float> values(all[i].value.numel());
    for (float& value : values) value = static_cast<float>(random.uniform() * 4 + 1);
    model.parameters().write(i, values.data());
  }
}

/// Compares the gradient of loss() with central differences at a few elements of each tensor (all
/// float64). @param frozen rows that are not trained, by the tensor's name
inline void expect_gradients(const std::vector<NamedTensor>& tensors,
                             const std::function<at::Tensor()>& loss,
                             const std::map<std::string, int64_t>& frozen = {}) {
  loss().backward();
  Random random(17);
  for (const NamedTensor& tensor : tensors) {
    if (!tensor.trainable) continue;
    ASSERT_EQ(tensor.value.scalar_type(), at::kDouble);
    const at::Tensor gradient = tensor.value.grad().defined() ? tensor.value.grad().contiguous()
                                                              : at::zeros_like(tensor.value);
    auto* value = tensor.value.mutable_data_ptr<double>();
    for (int sample = 0; sample < 4; ++sample) {
      const int64_t at = random.below(tensor.value.numel());
      const auto row = frozen.find(tensor.name);
      if (row != frozen.end() && at / tensor.value.size(1) == row->second) {
        EXPECT_EQ(gradient.const_data_ptr<double>()[at], 0) << tensor.name;
        continue;
      }
      const double old = value[at], step = 1e-5;
      value[at] = old + step;
      const double above = loss().item<double>();
      value[at] = old - step;
      const double below = loss().item<double>();
      value[at] = old;
      const double expected = (above - below) / (2 * step);
      EXPECT_NEAR(gradient.const_data_ptr<double>()[at], expected, 1e-7 + 1e-5 * std::abs(expected))
          << tensor.name << "[" << at << "]";
    }
  }
}

inline Channels states(const UnitModel& model, const Inputs& inputs) {
  const at::NoGradGuard no_grad;
  Dropout off;
  return model.encode(inputs, off);
}

inline double largest_difference(const at::Tensor& a, const at::Tensor& b) {
  return (a.to(at::kDouble) - b.to(at::kDouble)).abs().max().item<double>();
}

}  // namespace duovox::testing

#endif  // DUOVOX_TESTS_UNIT_SUPPORT_H
