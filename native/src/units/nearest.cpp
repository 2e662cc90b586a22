// argmin ||x - c||^2 = argmin (||c||^2 - 2 x.c): one GEMM a tile, then an argmin over the tile
// while it is in cache.
#include "units/nearest.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <array>

namespace duovox {
namespace {

constexpr int64_t kTileFloats = 256 * 1024;  // 1 MiB
constexpr int64_t kLanes = 16;

/// Index of the first smallest value. The minimum is found lane-wise first, which compilers
/// vectorize.
int32_t first_minimum(const float* values, int64_t count) {
  std::array<float, kLanes> lanes{};
  lanes.fill(values[0]);
  const int64_t whole = count - count % kLanes;
  for (int64_t i = 0; i < whole; i += kLanes) {
    for (int64_t lane = 0; lane < kLanes; ++lane) {
      lanes[lane] = values[i + lane] < lanes[lane] ? values[i + lane] : lanes[lane];
    }
  }
  float smallest = *std::min_element(lanes.begin(), lanes.end());
  for (int64_t i = whole; i < count; ++i) smallest = std::min(smallest, values[i]);
  const float* found = std::find(values, values + count, smallest);
  return static_cast<int32_t>(std::min(found - values, count - 1));
}

}  // namespace

int64_t tile_rows(int64_t clusters) {
  return std::clamp<int64_t>(kTileFloats / clusters, 64, 16384);
}

void nearest(const at::Tensor& rows, const at::Tensor& centroids, int32_t* codes) {
  const int64_t clusters = centroids.size(0), tile = tile_rows(clusters), count = rows.size(0);
  const at::Tensor norms = centroids.square().sum(1);  // (clusters)
  const at::Tensor transposed = centroids.t();
  at::Tensor scores = at::empty({std::min(tile, count), clusters}, at::kFloat);
  for (int64_t start = 0; start < count; start += tile) {
    const int64_t end = std::min(count, start + tile);
    at::Tensor part = scores.slice(0, 0, end - start);
    at::addmm_out(part, norms, rows.slice(0, start, end), transposed, 1, -2);
    const float* values = part.const_data_ptr<float>();
    const int64_t grain = std::max<int64_t>(1, 32768 / clusters);
    at::parallel_for(0, end - start, grain, [&](int64_t from, int64_t to) {
      for (int64_t i = from; i < to; ++i) {
        codes[start + i] = first_minimum(values + i * clusters, clusters);
      }
    });
  }
}

void squared_distances(const at::Tensor& rows, const at::Tensor& centroids, const int32_t* codes,
                       double* distances) {
  const int64_t width = rows.size(1);
  const float* x = rows.const_data_ptr<float>();
  const float* c = centroids.const_data_ptr<float>();
  at::parallel_for(0, rows.size(0), std::max<int64_t>(1, 32768 / width), [&](int64_t b, int64_t e) {
    for (int64_t i = b; i < e; ++i) {
      const float* row = x + i * width;
      const float* centroid = c + codes[i] * width;
      std::array<double, 8> lanes{};
      int64_t j = 0;
      for (; j + 8 <= width; j += 8) {
        for (int64_t lane = 0; lane < 8; ++lane) {
          const double d = static_cast<double>(row[j + lane]) - centroid[j + lane];
          lanes[lane] += d * d;
        }
      }
      double sum = 0;
      for (const double lane : lanes) sum += lane;
      for (; j < width; ++j) {
        const double d = static_cast<double>(row[j]) - centroid[j];
        sum += d * d;
      }
      distances[i] = sum;
    }
  });
}

}  // namespace duovox
