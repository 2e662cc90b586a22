// Reads and checks the integers of a slot, row by row.
#ifndef DUOVOX_MODEL_BATCH_READER_H
#define DUOVOX_MODEL_BATCH_READER_H

#include <duovox/duovox.h>

#include <cstdint>
#include <vector>

#include "error.h"
#include "model/config.h"
#include "model/packed_rows.h"

namespace duovox {

using Integers = std::vector<int64_t>;

/// Each method checks what it reads; messages name a row by its place in the slot.
class BatchReader {
 public:
  BatchReader(const duovox_model_config& config, const duovox_batch& batch,
              const duovox_batch_shape& shape);

  const Integers& lengths() const { return lengths_; }                    // (B)
  const Integers& phonetic_lengths() const { return phonetic_lengths_; }  // (B)
  const Integers& offsets() const { return offsets_; }                    // (B + 1) of tokens
  const Integers& phonetic_offsets() const { return phonetic_offsets_; }  // (B + 1) of units

  Integers contextual() const;  // (N)
  Integers phonetic() const;    // (U)
  Integers padded() const;      // (N) b * T + t
  /// First and last phonetic unit of each token (N) as indices into the packed units.
  void ends(Integers& starts, Integers& ends) const;
  /// Which tokens have a loss, and their true units.
  void targets(Integers& positions, Integers& targets) const;
  /// Positions with a loss in the slot's rows before the first one read.
  int64_t targets_before() const;
  Integers labels() const;  // (B)

 private:
  Integers read_lengths(const char* name, const int32_t* buffer, int64_t most) const;
  void check_joint() const;
  int64_t target(int64_t row, int64_t t) const;
  int64_t checked(const char* name, const int32_t* buffer, int64_t row, int64_t position,
                  int64_t width, int64_t low, int64_t high) const;
  /// use(b, row in the slot, t) for every token.
  template <class Use>
  void for_tokens(Use&& use) const {
    for (int64_t b = 0; b < rows_; ++b) {
      for (int64_t t = 0; t < lengths_[b]; ++t) use(b, first_ + b, t);
    }
  }

  const duovox_model_config& config_;
  const duovox_batch& batch_;
  int64_t first_, rows_, width_, phonetic_width_;
  Integers lengths_, phonetic_lengths_, offsets_, phonetic_offsets_;
};

}  // namespace duovox

#endif  // DUOVOX_MODEL_BATCH_READER_H
