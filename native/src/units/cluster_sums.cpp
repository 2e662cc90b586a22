// Rows are visited cluster by cluster, so that a cluster's sum stays in the cache, and in their own
// order within a cluster. Threads share the columns, not the rows: each sum is added up by one
// thread.
#include "units/cluster_sums.h"

#include <ATen/Parallel.h>

#include <algorithm>

#include "vector_clones.h"

namespace duovox {
namespace {

DUOVOX_VECTOR_CLONES
void add_row(const float* row, double* sum, int64_t count) {
  for (int64_t j = 0; j < count; ++j) sum[j] += static_cast<double>(row[j]);
}

/// Indices of the rows, sorted by code and then by index.
std::vector<int64_t> by_cluster(const int32_t* codes, int64_t count, int64_t clusters) {
  std::vector<int64_t> next(clusters + 1);
  for (int64_t i = 0; i < count; ++i) ++next[codes[i] + 1];
  for (int64_t k = 0; k < clusters; ++k) next[k + 1] += next[k];
  std::vector<int64_t> order(count);
  for (int64_t i = 0; i < count; ++i) order[next[codes[i]]++] = i;
  return order;
}

}  // namespace

void ClusterSums::add(const float* rows, int64_t count, const int32_t* codes) {
  const auto order = by_cluster(codes, count, static_cast<int64_t>(counts.size()));
  for (int64_t i = 0; i < count; ++i) ++counts[codes[i]];
  const int64_t grain = std::max<int64_t>(16, 32768 / std::max<int64_t>(1, count));
  at::parallel_for(0, width, grain, [&](int64_t from, int64_t to) {
    for (const int64_t i : order) {
      add_row(rows + i * width + from, sums.data() + codes[i] * width + from, to - from);
    }
  });
}

void ClusterSums::remove(const float* row, int64_t cluster) noexcept {
  --counts[cluster];
  for (int64_t j = 0; j < width; ++j) sums[cluster * width + j] -= static_cast<double>(row[j]);
}

void ClusterSums::replace(const float* row, int64_t cluster) noexcept {
  counts[cluster] = 1;
  std::copy_n(row, width, sums.begin() + cluster * width);
}

int64_t ClusterSums::empty() const { return std::count(counts.begin(), counts.end(), 0); }

void ClusterSums::clear() noexcept {
  std::fill(sums.begin(), sums.end(), 0.0);
  std::fill(counts.begin(), counts.end(), 0);
}

}  // namespace duovox
