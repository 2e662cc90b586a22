// Nearest centroid of many rows: the inner loop of every k-means pass and of quantization.
#ifndef DUOVOX_UNITS_NEAREST_H
#define DUOVOX_UNITS_NEAREST_H

#include <ATen/ATen.h>

#include <cstdint>

namespace duovox {

/// Rows for which a (rows, clusters) tile of float distances stays in the second-level cache.
int64_t tile_rows(int64_t clusters);

/// Code of the nearest centroid for each row (rows, width), written to codes (rows); ties go to the
/// lower code.
void nearest(const at::Tensor& rows, const at::Tensor& centroids, int32_t* codes);

/// Squared distance of each row to the centroid its code names, in float64: distances (rows).
void squared_distances(const at::Tensor& rows, const at::Tensor& centroids, const int32_t* codes,
                       double* distances);

}  // namespace duovox

#endif  // DUOVOX_UNITS_NEAREST_H
