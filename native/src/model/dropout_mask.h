// Which elements dropout keeps: counter-based random bits (Salmon et al. 2011), so that no mask is
// ever stored.
#ifndef DUOVOX_MODEL_DROPOUT_MASK_H
#define DUOVOX_MODEL_DROPOUT_MASK_H

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "random.h"

namespace duovox {

/// The key of one row of a mask (a token's features, or a query's keys).
struct MaskRow {
  uint32_t first, second;
};

/// 32 bits for a column of a row: a multiplicative hash of two rounds, with a key before each.
inline uint32_t mask_bits(MaskRow row, uint32_t column) {
  uint32_t x = column * 0x9E3779B9U + row.first;
  x = (x ^ (x >> 16)) * 0x21F0AAADU;
  x = ((x ^ (x >> 15)) + row.second) * 0x735A2D97U;
  return x ^ (x >> 15);
}

/// The mask of one call of a pass.
struct DropoutMask {
  uint64_t key = 0;
  int32_t threshold = 0;  // an element whose 31 random bits are below it is dropped
  double scale = 1;       // of the elements that are kept

  DropoutMask() = default;
  DropoutMask(uint64_t call, double probability) : key(call) {
    constexpr double kRange = 2147483648.0;  // 2^31
    threshold = static_cast<int32_t>(std::min(std::round(probability * kRange), kRange - 1));
    scale = kRange / (kRange - threshold);
  }
  /// The row of element index (of a token, or of a query of a head).
  MaskRow row(uint64_t index) const {
    const uint64_t bits = mix64(key + kGolden64 * (index + 1));
    return {static_cast<uint32_t>(bits), static_cast<uint32_t>(bits >> 32)};
  }
  bool active() const { return threshold > 0; }
};

inline bool keeps(MaskRow row, int64_t column, int32_t threshold) {
  return static_cast<int32_t>(mask_bits(row, static_cast<uint32_t>(column)) >> 1) >= threshold;
}

/// Returns a number for a position of a row (at most 2^24 positions), wherever the row is computed.
inline int64_t place(int64_t row, int64_t position) { return row * (int64_t{1} << 24) + position; }

}  // namespace duovox

#endif  // DUOVOX_MODEL_DROPOUT_MASK_H
