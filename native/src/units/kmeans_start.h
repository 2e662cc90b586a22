// k-means++ start: centroids drawn from the rows, far from each other.
#ifndef DUOVOX_UNITS_KMEANS_START_H
#define DUOVOX_UNITS_KMEANS_START_H

#include <ATen/ATen.h>

#include <cstdint>

namespace duovox {

/// Rows (clusters, width) chosen from rows (count, width) by greedy k-means++ with 2 +
/// log(clusters) candidates a draw (Arthur and Vassilvitskii 2007; the greedy variant is
/// scikit-learn's). count >= clusters.
at::Tensor kmeans_plus_plus(const at::Tensor& rows, int64_t clusters, uint64_t seed);

}  // namespace duovox

#endif  // DUOVOX_UNITS_KMEANS_START_H
