// Nearest centroid of many rows: the inner loop of every k-means pass and of quantization.
#ifndef DUOVOX_UNITS_NEAREST_H
#define DUOVOX_UNITS_NEAREST_H

#include <ATen/ATen.h>

#include <cstdint>
#include <vector>

namespace duovox {

/// Centroids made ready for many searches. The answer does not depend on the number of threads.
class Nearest {
 public:
  /// Room for centroids that are not there yet: everything that can fail for want of memory.
  Nearest(int64_t clusters, int64_t width);
  /// @param centroids (clusters, width), contiguous; kept, so they may not change meanwhile
  explicit Nearest(const at::Tensor& centroids);

  /// Makes other centroids of the same shape ready.
  void set(const at::Tensor& centroids) noexcept;

  /// Code of the nearest centroid for each row (count, width), written to codes (count); ties go to
  /// the lower code. Squared distances to it, in float64, go to distances (count) unless it is
  /// nullptr.
  void find(const float* rows, int64_t count, int32_t* codes, double* distances) const;

 private:
  void find_tile(const float* rows, int64_t count, const at::Tensor& scores, int32_t* codes,
                 double* distances) const;

  at::Tensor centroids_;
  at::Tensor weights_;        // (clusters, width): -2 (c - mean)
  std::vector<float> bias_;   // (clusters): c.c - mean.mean
  std::vector<double> mean_;  // (width)
};

}  // namespace duovox

#endif  // DUOVOX_UNITS_NEAREST_H
