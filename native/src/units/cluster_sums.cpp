// Threads share the columns, not the rows, so that each sum is added up by one thread in row order.
#include "units/cluster_sums.h"

#include <ATen/Parallel.h>

#include <algorithm>

namespace duovox {

void ClusterSums::add(const at::Tensor& rows, const int32_t* codes) {
  const int64_t count = rows.size(0);
  const float* x = rows.const_data_ptr<float>();
  for (int64_t i = 0; i < count; ++i) ++counts[codes[i]];
  const int64_t grain = std::max<int64_t>(16, 32768 / std::max<int64_t>(1, count));
  at::parallel_for(0, width, grain, [&](int64_t from, int64_t to) {
    for (int64_t i = 0; i < count; ++i) {
      const float* row = x + i * width;
      double* sum = sums.data() + codes[i] * width;
      for (int64_t j = from; j < to; ++j) sum[j] += static_cast<double>(row[j]);
    }
  });
}

void ClusterSums::remove(const float* row, int64_t cluster) {
  --counts[cluster];
  for (int64_t j = 0; j < width; ++j) sums[cluster * width + j] -= static_cast<double>(row[j]);
}

int64_t ClusterSums::empty() const { return std::count(counts.begin(), counts.end(), 0); }

void ClusterSums::clear() {
  std::fill(sums.begin(), sums.end(), 0.0);
  std::fill(counts.begin(), counts.end(), 0);
}

}  // namespace duovox
