// Rows of different lengths one after the other, without padding.
#ifndef DUOVOX_MODEL_PACKED_ROWS_H
#define DUOVOX_MODEL_PACKED_ROWS_H

#include <ATen/ATen.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <vector>

namespace duovox {

/// Row b has the positions offsets[b] to offsets[b + 1] - 1 of N.
struct PackedRows {
  std::vector<int64_t> offsets{0};
  at::Tensor first, last;  // (B) each row's first and last position, on the model's device

  int64_t rows() const { return static_cast<int64_t>(offsets.size()) - 1; }
  int64_t length(int64_t row) const { return offsets[row + 1] - offsets[row]; }
  int64_t longest() const {
    int64_t most = 0;
    for (int64_t b = 0; b < rows(); ++b) most = std::max(most, length(b));
    return most;
  }
};

/// Applies a function of rows of one length, (rows, T, in) to (rows, T, out), to each group of
/// consecutive rows of one length. x (N, in) to (N, out).
at::Tensor in_groups(const at::Tensor& x, const PackedRows& rows,
                     const std::function<at::Tensor(const at::Tensor&)>& function);

/// The positions of all rows ordered by step, longer rows first, as in libtorch's packed sequences.
struct TimeOrder {
  at::Tensor position;  // (N) the position that is at each place of the order
  at::Tensor place;     // (N) the place of each position in the order
  at::Tensor sizes;     // (steps) number of rows with that step; int64, always on the host
};

/// Fills position and place (N), as in TimeOrder. @return sizes
std::vector<int64_t> order_by_time(const std::vector<int64_t>& offsets, int32_t* position,
                                   int32_t* place);

inline std::vector<int64_t> offsets_of(const std::vector<int64_t>& lengths) {
  std::vector<int64_t> offsets{0};
  for (const int64_t length : lengths) offsets.push_back(offsets.back() + length);
  return offsets;
}

}  // namespace duovox

#endif  // DUOVOX_MODEL_PACKED_ROWS_H
