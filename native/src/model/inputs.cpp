// Checks a slot and packs all integers of a batch into one host buffer, so that one copy takes them
// to the device.
#include "model/inputs.h"

#include <algorithm>

#include "device.h"
#include "error.h"
#include "model/config.h"

namespace duovox {
namespace {

/// One buffer for all of a batch's integers; parts are appended and later cut out of the copy on
/// the device.
class Staging {
 public:
  size_t append(const std::vector<int64_t>& part) {
    starts_.push_back(static_cast<int64_t>(values_.size()));
    sizes_.push_back(static_cast<int64_t>(part.size()));
    values_.insert(values_.end(), part.begin(), part.end());
    return starts_.size() - 1;
  }
  void move_to(at::Device device) { on_device_ = at::tensor(values_, at::kLong).to(device); }
  at::Tensor part(size_t index) const {
    return on_device_.narrow(0, starts_[index], sizes_[index]);
  }

 private:
  std::vector<int64_t> values_, starts_, sizes_;
  at::Tensor on_device_;
};

/// Reads the rows of one batch; each method checks what it reads.
class Reader {
 public:
  Reader(const duovox_model_config& config, const duovox_batch& batch,
         const duovox_batch_shape& shape)
      : config_(config),
        batch_(batch),
        rows_(shape.rows),
        width_(shape.tokens),
        phonetic_width_(shape.phonetic_units) {}

  std::vector<int64_t> lengths(const char* name, const int32_t* buffer, int64_t most) const {
    for (int64_t b = 0; b < rows_; ++b) {
      require(buffer[b] >= 1 && buffer[b] <= most, name, "[", b, "] = ", buffer[b],
              ", must be 1 to ", most);
    }
    return {buffer, buffer + rows_};
  }

  std::vector<int64_t> contextual(const std::vector<int64_t>& lengths) const {
    std::vector<int64_t> ids(rows_ * width_, contextual_pad(config_));
    for_tokens(lengths, [&](int64_t b, int64_t t, int64_t at) {
      ids[at] = checked("contextual", batch_.contextual, b, t, at, 0, contextual_pad(config_));
    });
    return ids;
  }

  void targets(const std::vector<int64_t>& lengths, std::vector<int64_t>& positions,
               std::vector<int64_t>& targets) const {
    for_tokens(lengths, [&](int64_t b, int64_t t, int64_t at) {
      const int64_t target =
          checked("targets", batch_.targets, b, t, at, -1, int64_t{config_.contextual_codes} - 1);
      if (target < 0) return;
      positions.push_back(at);
      targets.push_back(target);
    });
  }

  std::vector<int64_t> phonetic(const std::vector<int64_t>& lengths) const {
    std::vector<int64_t> ids;
    for (int64_t b = 0; b < rows_; ++b) {
      for (int64_t i = 0; i < lengths[b]; ++i) {
        ids.push_back(checked("phonetic", batch_.phonetic, b, i, b * phonetic_width_ + i, 0,
                              phonetic_units(config_) - 1));
      }
    }
    return ids;
  }

  /// First and last phonetic unit of each token as indices into the packed units.
  void ends(const std::vector<int64_t>& lengths, const std::vector<int64_t>& phonetic_lengths,
            const std::vector<int64_t>& offsets, std::vector<int64_t>& starts,
            std::vector<int64_t>& ends) const {
    starts.assign(rows_ * width_, 0);
    ends.assign(rows_ * width_, 0);
    for_tokens(lengths, [&](int64_t b, int64_t t, int64_t at) {
      const int64_t last = phonetic_lengths[b] - 1;
      const int64_t start = checked("phonetic_start", batch_.phonetic_start, b, t, at, 0, last);
      starts[at] = offsets[b] + start;
      ends[at] = offsets[b] + checked("phonetic_end", batch_.phonetic_end, b, t, at, start, last);
    });
  }

  std::vector<int64_t> labels() const {
    for (int64_t b = 0; b < rows_; ++b) {
      require(batch_.labels[b] >= 0 && batch_.labels[b] < config_.classes, "labels[", b,
              "] = ", batch_.labels[b], ", must be 0 to ", config_.classes - 1);
    }
    return {batch_.labels, batch_.labels + rows_};
  }

 private:
  template <class Use>
  void for_tokens(const std::vector<int64_t>& lengths, Use&& use) const {
    for (int64_t b = 0; b < rows_; ++b) {
      for (int64_t t = 0; t < lengths[b]; ++t) use(b, t, b * width_ + t);
    }
  }

  static int64_t checked(const char* name, const int32_t* buffer, int64_t row, int64_t position,
                         int64_t at, int64_t low, int64_t high) {
    const int64_t value = buffer[at];
    require(value >= low && value <= high, name, ": row ", row, ", position ", position, ": ",
            value, ", must be ", low, " to ", high);
    return value;
  }

  const duovox_model_config& config_;
  const duovox_batch& batch_;
  int64_t rows_, width_, phonetic_width_;
};

std::vector<int64_t> offsets_of(const std::vector<int64_t>& lengths) {
  std::vector<int64_t> offsets{0};
  for (const int64_t length : lengths) offsets.push_back(offsets.back() + length);
  return offsets;
}

int64_t sum(const std::vector<int64_t>& values) { return offsets_of(values).back(); }

}  // namespace

at::Tensor Inputs::without_padding(const at::Tensor& x) const {
  return real.defined() ? x.masked_fill(real.logical_not().unsqueeze(-1), 0) : x;
}

Inputs read_batch(const duovox_model_config& config, const duovox_batch& batch,
                  const duovox_batch_shape& shape, Purpose purpose) {
  const Reader reader(config, batch, shape);
  const at::Device device = usable_device(config.device);
  Inputs inputs;
  inputs.rows = shape.rows;
  inputs.tokens = shape.tokens;
  const auto lengths = reader.lengths("lengths", batch.lengths, shape.tokens);
  inputs.units = sum(lengths);
  std::vector<int64_t> units, starts, ends, positions, targets, labels;
  if (is_dual(config)) {
    const auto phonetic_lengths =
        reader.lengths("phonetic_lengths", batch.phonetic_lengths, shape.phonetic_units);
    inputs.row_offsets = offsets_of(phonetic_lengths);
    inputs.units += inputs.row_offsets.back();
    units = reader.phonetic(phonetic_lengths);
    reader.ends(lengths, phonetic_lengths, inputs.row_offsets, starts, ends);
  }
  if (purpose == Purpose::kPretrain) reader.targets(lengths, positions, targets);
  if (purpose == Purpose::kClassify) labels = reader.labels();
  Staging staging;
  for (const auto& part :
       {reader.contextual(lengths), lengths, units, starts, ends, positions, targets, labels}) {
    staging.append(part);
  }
  staging.move_to(device);
  inputs.contextual = staging.part(0).view({inputs.rows, inputs.tokens});
  inputs.lengths = staging.part(1);
  inputs.phonetic = staging.part(2);
  inputs.phonetic_start = staging.part(3);
  inputs.phonetic_end = staging.part(4);
  inputs.positions = staging.part(5);
  inputs.targets = staging.part(6);
  inputs.labels = staging.part(7);
  if (*std::min_element(lengths.begin(), lengths.end()) < shape.tokens) {
    inputs.real = at::arange(inputs.tokens, inputs.lengths.options()) < inputs.lengths.unsqueeze(1);
  }
  return inputs;
}

}  // namespace duovox
