// A slot is one block of integers, cut into the buffers of a batch, and one block of floats where
// batches bring representations. Both start as zeros, so that no value is ever undefined. Only the
// floats are copied to a device as they are, from pinned memory: integers are packed while they are
// checked.
#include "train/ring.h"

#include "device.h"
#include "error.h"
#include "model/config.h"

namespace duovox {
namespace {

constexpr int64_t kMaxElements = int64_t{1} << 31;

}  // namespace

void check(const duovox_ring_config& config) {
  require_range("config.slots", config.slots, 1, 64);
  require_range("config.rows", config.rows, 1, 1 << 20);
  require_range("config.tokens", config.tokens, 1, kMaxElements);
  require_range("config.phonetic_units", config.phonetic_units, 0, kMaxElements);
  require_range("config.device", config.device, DUOVOX_CPU, DUOVOX_CUDA);
  require_range("config.representations", config.representations, 0, 65536);
  require(config.tokens * config.representations <= kMaxElements,
          "config.tokens x config.representations = ", config.tokens * config.representations,
          ", must be at most ", kMaxElements);
}

Ring::Ring(const duovox_ring_config& config) : config_(config) {
  const at::Device device = usable_device(config.device);
  const int64_t elements = 4 * config.tokens + config.phonetic_units + int64_t{3} * config.rows;
  for (int32_t i = 0; i < config.slots; ++i) {
    slots_.push_back(at::zeros({elements}, at::kInt));
    if (config.representations > 0) {
      const int64_t floats = config.tokens * config.representations;
      representations_.push_back(host_block(floats, at::kFloat, device).zero_());
    }
  }
}

duovox_batch Ring::slot(int32_t slot) const {
  require_range("slot", slot, 0, config_.slots - 1);
  auto* next = slots_[slot].mutable_data_ptr<int32_t>();
  const auto next_buffer = [&next](int64_t count) {
    int32_t* buffer = next;
    next += count;
    return buffer;
  };
  duovox_batch batch{};
  batch.contextual = next_buffer(config_.tokens);
  batch.targets = next_buffer(config_.tokens);
  batch.phonetic_start = next_buffer(config_.tokens);
  batch.phonetic_end = next_buffer(config_.tokens);
  batch.phonetic = next_buffer(config_.phonetic_units);
  batch.lengths = next_buffer(config_.rows);
  batch.phonetic_lengths = next_buffer(config_.rows);
  batch.labels = next_buffer(config_.rows);
  if (!representations_.empty()) {
    batch.representations = representations_[slot].mutable_data_ptr<float>();
  }
  return batch;
}

duovox_batch Ring::batch(const duovox_batch_shape& shape, const duovox_model_config& model) const {
  require_range("shape.slot", shape.slot, 0, config_.slots - 1);
  require_range("shape.rows", shape.rows, 1, config_.rows);
  require_range("shape.first_row", shape.first_row, 0, config_.rows - shape.rows);
  require_range("shape.tokens", shape.tokens, 1, model.max_positions);
  const int64_t rows = int64_t{shape.first_row} + shape.rows;
  const char* what = shape.first_row > 0 ? "(shape.first_row + shape.rows)" : "shape.rows";
  require(rows * shape.tokens <= config_.tokens, what, " x shape.tokens = ", rows * shape.tokens,
          ", must be at most the ring's ", config_.tokens);
  if (has_phonetic(model)) {
    require(shape.phonetic_units >= 1, "shape.phonetic_units = ", shape.phonetic_units,
            ", must be at least 1");
    const int64_t units = rows * shape.phonetic_units;
    require(units <= config_.phonetic_units, what, " x shape.phonetic_units = ", units,
            ", must be at most the ring's ", config_.phonetic_units);
  } else {
    require_range("shape.phonetic_units", shape.phonetic_units, 0, 0);
  }
  require(config_.device == model.device, "ring: device = ", config_.device,
          ", but the model's device = ", model.device);
  return slot(shape.slot);
}

}  // namespace duovox
