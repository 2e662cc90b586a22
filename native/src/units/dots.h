// Dot products of many rows with a few others, a shape too narrow for GEMM libraries to be fast.
#ifndef DUOVOX_UNITS_DOTS_H
#define DUOVOX_UNITS_DOTS_H

#include <cstdint>

namespace duovox {

/// out[i * stride + j] = rows[i] . points[j] for rows (count, width) and points (points_count,
/// width). One thread; the same bits whatever the count.
void dots(const float* rows, int64_t count, const float* points, int64_t points_count,
          int64_t width, float* out, int64_t stride);

}  // namespace duovox

#endif  // DUOVOX_UNITS_DOTS_H
