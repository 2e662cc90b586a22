// See batch_reader.h.
#include "model/batch_reader.h"

#include <limits>

namespace duovox {

BatchReader::BatchReader(const duovox_model_config& config, const duovox_batch& batch,
                         const duovox_batch_shape& shape)
    : config_(config),
      batch_(batch),
      first_(shape.first_row),
      rows_(shape.rows),
      width_(shape.tokens),
      phonetic_width_(shape.phonetic_units) {
  offsets_ = offsets_of(read_lengths("lengths", batch.lengths, width_));
  if (has_phonetic(config)) {
    phonetic_offsets_ =
        offsets_of(read_lengths("phonetic_lengths", batch.phonetic_lengths, phonetic_width_));
  }
  constexpr int64_t kMax = std::numeric_limits<int32_t>::max();
  require(tokens() + units() <= kMax, tokens(), " tokens and ", units(),
          " phonetic units, must be at most ", kMax, " together");
  if (is_joint(config)) check_joint();
}

std::vector<int64_t> BatchReader::read_lengths(const char* name, const int32_t* buffer,
                                               int64_t max) const {
  std::vector<int64_t> lengths(buffer + first_, buffer + first_ + rows_);
  for (int64_t b = 0; b < rows_; ++b) {
    require(lengths[b] >= 1 && lengths[b] <= max, name, "[", first_ + b, "] = ", lengths[b],
            ", must be 1 to ", max);
  }
  return lengths;
}

void BatchReader::check_joint() const {
  for (int64_t b = 0; b < rows_; ++b) {
    const int64_t sequence = length(b) + phonetic_length(b);
    require(sequence <= config_.max_positions, "row ", first_ + b, ": ", length(b), " tokens and ",
            phonetic_length(b), " phonetic units make a sequence of ", sequence,
            ", must be at most config.max_positions = ", config_.max_positions);
  }
}

int32_t BatchReader::checked(const char* name, const int32_t* buffer, int64_t row, int64_t position,
                             int64_t width, int64_t low, int64_t high) const {
  const int32_t value = buffer[row * width + position];
  require(value >= low && value <= high, name, ": row ", row, ", position ", position, ": ", value,
          ", must be ", low, " to ", high);
  return value;
}

void BatchReader::contextual(int64_t row, int32_t* ids) const {
  const int64_t last = contextual_pad(config_);
  for (int64_t t = 0; t < length(row); ++t) {
    ids[t] = checked("contextual", batch_.contextual, first_ + row, t, width_, 0, last);
  }
}

void BatchReader::phonetic(int64_t row, int64_t shift, int32_t* ids) const {
  const int64_t last = phonetic_units(config_) - 1;
  for (int64_t i = 0; i < phonetic_length(row); ++i) {
    ids[i] = static_cast<int32_t>(shift) +
             checked("phonetic", batch_.phonetic, first_ + row, i, phonetic_width_, 0, last);
  }
}

void BatchReader::ends(int32_t* starts, int32_t* ends) const {
  for (int64_t b = 0; b < rows_; ++b) {
    const auto offset = static_cast<int32_t>(phonetic_offsets_[b]);
    const int64_t last = phonetic_length(b) - 1, row = first_ + b;
    for (int64_t t = 0; t < length(b); ++t) {
      const int32_t start =
          checked("phonetic_start", batch_.phonetic_start, row, t, width_, 0, last);
      *starts++ = offset + start;
      *ends++ = offset + checked("phonetic_end", batch_.phonetic_end, row, t, width_, start, last);
    }
  }
}

int32_t BatchReader::target(int64_t row, int64_t t) const {
  return checked("targets", batch_.targets, row, t, width_, -1,
                 int64_t{config_.contextual_codes} - 1);
}

int64_t BatchReader::targets(int32_t* positions, int32_t* targets) const {
  int64_t count = 0;
  for (int64_t b = 0; b < rows_; ++b) {
    for (int64_t t = 0; t < length(b); ++t) {
      const int32_t unit = target(first_ + b, t);
      if (unit < 0) continue;
      positions[count] = static_cast<int32_t>(offsets_[b] + t);
      targets[count++] = unit;
    }
  }
  return count;
}

int64_t BatchReader::targets_before() const {
  int64_t count = 0;
  for (int64_t row = 0; row < first_; ++row) {
    const int64_t length = batch_.lengths[row];
    require(length >= 1 && length <= width_, "lengths[", row, "] = ", length, ", must be 1 to ",
            width_);
    for (int64_t t = 0; t < length; ++t) count += target(row, t) >= 0 ? 1 : 0;
  }
  return count;
}

void BatchReader::labels(int32_t* classes) const {
  for (int64_t b = 0; b < rows_; ++b) {
    const int32_t label = batch_.labels[first_ + b];
    require(label >= 0 && label < config_.classes, "labels[", first_ + b, "] = ", label,
            ", must be 0 to ", config_.classes - 1);
    classes[b] = label;
  }
}

}  // namespace duovox
