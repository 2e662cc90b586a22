// Reads and checks the integers of a batch slot row by row and packs them without padding.
#ifndef DUOVOX_MODEL_BATCH_READER_H
#define DUOVOX_MODEL_BATCH_READER_H

#include <duovox/duovox.h>

#include <cstdint>
#include <vector>

#include "error.h"
#include "model/config.h"
#include "model/packed_rows.h"

namespace duovox {

/// Reads each value of the slot once, so that the value checked is the value used. Messages name a
/// row by its place in the slot.
class BatchReader {
 public:
  BatchReader(const duovox_model_config& config, const duovox_batch& batch,
              const duovox_batch_shape& shape);

  int64_t rows() const { return rows_; }                      // B
  int64_t tokens() const { return offsets_.back(); }          // N
  int64_t units() const { return phonetic_offsets_.back(); }  // U, 0 without phonetic units
  int64_t length(int64_t row) const { return offsets_[row + 1] - offsets_[row]; }
  int64_t phonetic_length(int64_t row) const {
    return phonetic_offsets_[row + 1] - phonetic_offsets_[row];
  }
  const std::vector<int64_t>& offsets() const { return offsets_; }  // (B + 1) of tokens
  const std::vector<int64_t>& phonetic_offsets() const { return phonetic_offsets_; }

  /// Writes the contextual ids of a row (of the part) to ids.
  void contextual(int64_t row, int32_t* ids) const;
  /// Writes the phonetic ids of a row, each plus shift, to ids.
  void phonetic(int64_t row, int64_t shift, int32_t* ids) const;
  /// Writes the first and last phonetic unit of each token (N) as indices into the packed units.
  void ends(int32_t* starts, int32_t* ends) const;
  /// Writes which tokens have a loss, and their true units; at most N. @return how many
  int64_t targets(int32_t* positions, int32_t* targets) const;
  /// Returns the number of positions with a loss in the slot's rows before the first row of the
  /// part.
  int64_t targets_before() const;
  void labels(int32_t* classes) const;  // (B)

 private:
  std::vector<int64_t> read_lengths(const char* name, const int32_t* buffer, int64_t max) const;
  void check_joint() const;
  int32_t target(int64_t row, int64_t t) const;
  int32_t checked(const char* name, const int32_t* buffer, int64_t row, int64_t position,
                  int64_t width, int64_t low, int64_t high) const;

  const duovox_model_config& config_;
  const duovox_batch& batch_;
  int64_t first_, rows_, width_, phonetic_width_;
  std::vector<int64_t> offsets_, phonetic_offsets_{0};
};

}  // namespace duovox

#endif  // DUOVOX_MODEL_BATCH_READER_H
