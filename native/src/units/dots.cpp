// See dots.h. Computes two rows times four points at once: eight sums that stay in registers.
#include "units/dots.h"

#include <cstring>

#include "vector_clones.h"

namespace duovox {
namespace {

constexpr int64_t kLanes = 16;
constexpr int64_t kRows = 2, kPoints = 4;
using Lanes = float __attribute__((vector_size(kLanes * sizeof(float))));

/// Dot products of kRows rows and kPoints points; where there are fewer, pointers repeat.
DUOVOX_VECTOR_CLONES
void tile(const float* const* rows, const float* const* points, int64_t width, float* out) {
  Lanes sums[kRows][kPoints] = {};
  int64_t k = 0;
  for (; k + kLanes <= width; k += kLanes) {
    Lanes x[kRows];
    for (int64_t i = 0; i < kRows; ++i) std::memcpy(&x[i], rows[i] + k, sizeof(Lanes));
    for (int64_t j = 0; j < kPoints; ++j) {
      Lanes point;
      std::memcpy(&point, points[j] + k, sizeof(Lanes));
      for (int64_t i = 0; i < kRows; ++i) sums[i][j] += x[i] * point;
    }
  }
  for (int64_t i = 0; i < kRows; ++i) {
    for (int64_t j = 0; j < kPoints; ++j) {
      float sum = 0;
      for (int64_t lane = 0; lane < kLanes; ++lane) sum += sums[i][j][lane];
      for (int64_t rest = k; rest < width; ++rest) sum += rows[i][rest] * points[j][rest];
      out[i * kPoints + j] = sum;
    }
  }
}

}  // namespace

void dots(const float* rows, int64_t count, const float* points, int64_t points_count,
          int64_t width, float* out, int64_t stride) {
  for (int64_t i = 0; i < count; i += kRows) {
    const float* x[kRows];
    for (int64_t r = 0; r < kRows; ++r) x[r] = rows + (i + r < count ? i + r : i) * width;
    for (int64_t j = 0; j < points_count; j += kPoints) {
      const float* p[kPoints];
      for (int64_t q = 0; q < kPoints; ++q) {
        p[q] = points + (j + q < points_count ? j + q : j) * width;
      }
      float products[kRows * kPoints];
      tile(x, p, width, products);
      for (int64_t r = 0; r < kRows && i + r < count; ++r) {
        for (int64_t q = 0; q < kPoints && j + q < points_count; ++q) {
          out[(i + r) * stride + j + q] = products[r * kPoints + q];
        }
      }
    }
  }
}

}  // namespace duovox
