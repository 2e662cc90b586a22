// See batch_reader.h.
#include "model/batch_reader.h"

namespace duovox {

BatchReader::BatchReader(const duovox_model_config& config, const duovox_batch& batch,
                         const duovox_batch_shape& shape)
    : config_(config),
      batch_(batch),
      first_(shape.first_row),
      rows_(shape.rows),
      width_(shape.tokens),
      phonetic_width_(shape.phonetic_units) {
  lengths_ = read_lengths("lengths", batch.lengths, width_);
  offsets_ = offsets_of(lengths_);
  if (!has_phonetic(config)) return;
  phonetic_lengths_ = read_lengths("phonetic_lengths", batch.phonetic_lengths, phonetic_width_);
  phonetic_offsets_ = offsets_of(phonetic_lengths_);
  if (is_joint(config)) check_joint();
}

Integers BatchReader::read_lengths(const char* name, const int32_t* buffer, int64_t most) const {
  for (int64_t b = first_; b < first_ + rows_; ++b) {
    require(buffer[b] >= 1 && buffer[b] <= most, name, "[", b, "] = ", buffer[b], ", must be 1 to ",
            most);
  }
  return {buffer + first_, buffer + first_ + rows_};
}

void BatchReader::check_joint() const {
  for (int64_t b = 0; b < rows_; ++b) {
    require(lengths_[b] + phonetic_lengths_[b] <= config_.max_positions, "row ", first_ + b, ": ",
            lengths_[b], " tokens and ", phonetic_lengths_[b],
            " phonetic units make a sequence of ", lengths_[b] + phonetic_lengths_[b],
            ", must be at most config.max_positions = ", config_.max_positions);
  }
}

int64_t BatchReader::checked(const char* name, const int32_t* buffer, int64_t row, int64_t position,
                             int64_t width, int64_t low, int64_t high) const {
  const int64_t value = buffer[row * width + position];
  require(value >= low && value <= high, name, ": row ", row, ", position ", position, ": ", value,
          ", must be ", low, " to ", high);
  return value;
}

Integers BatchReader::contextual() const {
  Integers ids;
  for_tokens([&](int64_t, int64_t row, int64_t t) {
    ids.push_back(
        checked("contextual", batch_.contextual, row, t, width_, 0, contextual_pad(config_)));
  });
  return ids;
}

Integers BatchReader::padded() const {
  Integers places;
  for_tokens([&](int64_t b, int64_t, int64_t t) { places.push_back(b * width_ + t); });
  return places;
}

Integers BatchReader::phonetic() const {
  Integers ids;
  for (int64_t b = 0; b < rows_; ++b) {
    for (int64_t i = 0; i < phonetic_lengths_[b]; ++i) {
      ids.push_back(checked("phonetic", batch_.phonetic, first_ + b, i, phonetic_width_, 0,
                            phonetic_units(config_) - 1));
    }
  }
  return ids;
}

void BatchReader::ends(Integers& starts, Integers& ends) const {
  for_tokens([&](int64_t b, int64_t row, int64_t t) {
    const int64_t last = phonetic_lengths_[b] - 1;
    const int64_t start = checked("phonetic_start", batch_.phonetic_start, row, t, width_, 0, last);
    starts.push_back(phonetic_offsets_[b] + start);
    ends.push_back(phonetic_offsets_[b] +
                   checked("phonetic_end", batch_.phonetic_end, row, t, width_, start, last));
  });
}

int64_t BatchReader::target(int64_t row, int64_t t) const {
  return checked("targets", batch_.targets, row, t, width_, -1,
                 int64_t{config_.contextual_codes} - 1);
}

void BatchReader::targets(Integers& positions, Integers& targets) const {
  for_tokens([&](int64_t b, int64_t row, int64_t t) {
    const int64_t unit = target(row, t);
    if (unit < 0) return;
    positions.push_back(offsets_[b] + t);
    targets.push_back(unit);
  });
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

Integers BatchReader::labels() const {
  for (int64_t b = first_; b < first_ + rows_; ++b) {
    require(batch_.labels[b] >= 0 && batch_.labels[b] < config_.classes, "labels[", b,
            "] = ", batch_.labels[b], ", must be 0 to ", config_.classes - 1);
  }
  return {batch_.labels + first_, batch_.labels + first_ + rows_};
}

}  // namespace duovox
