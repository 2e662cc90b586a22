// Nearest centroid of many rows: the inner loop of every k-means pass and of quantization.
#ifndef DUOVOX_UNITS_NEAREST_H
#define DUOVOX_UNITS_NEAREST_H

#include <ATen/ATen.h>

#include <cstdint>
#include <vector>

#include "matrix_product.h"

namespace duovox {

/// Centroids prepared for many searches. Results do not depend on the number of threads.
class Nearest {
 public:
  /// Allocates room for centroids, so that set() cannot fail.
  Nearest(int64_t clusters, int64_t width);
  /// @param centroids (clusters, width), contiguous; kept, so they must not change
  explicit Nearest(const at::Tensor& centroids);

  /// Prepares other centroids of the same shape.
  void set(const at::Tensor& centroids) noexcept;

  /// Writes the code of the nearest centroid of each row (count, width) to codes (count); ties go
  /// to the lower code. Writes the squared distances to distances (count) unless that is nullptr.
  void find(const float* rows, int64_t count, int32_t* codes, double* distances) const;

 private:
  void find_tile(const float* rows, int64_t count, const at::Tensor& scores,
                 const at::Tensor& copies, int32_t* codes, double* distances) const;
  /// Scores (count, clusters) of rows but for the bias.
  BlockProduct product(const float* rows, int64_t count, float* scores) const;
  /// Returns how many numbers the products of a tile of rows and of the rest need for copies.
  int64_t copies_of(int64_t tile, int64_t rest) const;

  at::Tensor centroids_;
  at::Tensor weights_;        // (clusters, width): -2 (c - mean)
  std::vector<float> bias_;   // (clusters): c.c - mean.mean
  std::vector<double> mean_;  // (width)
};

}  // namespace duovox

#endif  // DUOVOX_UNITS_NEAREST_H
