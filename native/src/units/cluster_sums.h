// Sums and counts of the rows of each cluster, in float64 and in row order: the same bits for every
// thread count.
#ifndef DUOVOX_UNITS_CLUSTER_SUMS_H
#define DUOVOX_UNITS_CLUSTER_SUMS_H

#include <cstdint>
#include <vector>

namespace duovox {

struct ClusterSums {
  int64_t width;
  std::vector<double> sums;     // (clusters, width)
  std::vector<int64_t> counts;  // (clusters)

  ClusterSums(int64_t clusters, int64_t row_width)
      : width(row_width), sums(clusters * row_width), counts(clusters) {}

  /// Adds rows (count, width) to the clusters that codes (count) name: all of them, or none when
  /// memory runs out.
  void add(const float* rows, int64_t count, const int32_t* codes);

  /// Removes one row from a cluster.
  void remove(const float* row, int64_t cluster) noexcept;

  /// Makes a cluster consist of this one row.
  void replace(const float* row, int64_t cluster) noexcept;

  /// Number of clusters without rows.
  int64_t empty() const;
  void clear() noexcept;
};

}  // namespace duovox

#endif  // DUOVOX_UNITS_CLUSTER_SUMS_H
