// argmin ||x - c||^2 = argmin (c.c - 2 x.c). A tile of rows is one GEMM on one thread, and the
// argmin follows while the scores are in that thread's cache. Only the number of rows decides the
// tiles.
//
// With m the mean of the centroids, -2 x.(c - m) + c.c - m.m has the same order and loses fewer
// digits where all centroids lie far from the origin.
#include "units/nearest.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <array>

#include "units/dots.h"
#include "vector_clones.h"

namespace duovox {
namespace {

constexpr int64_t kTileFloats = 256 * 1024;  // 1 MiB of scores
constexpr int64_t kLanes = 16;

/// Returns the index of the first minimum of score + bias. The minimum is computed per lane first,
/// which compilers vectorize; scores are overwritten by the sums.
DUOVOX_VECTOR_CLONES
int32_t first_minimum(float* scores, const float* bias, int64_t count) {
  const int64_t whole = count - count % kLanes;
  std::array<float, kLanes> lanes;
  lanes.fill(scores[0] + bias[0]);
  for (int64_t i = 0; i < whole; i += kLanes) {
    for (int64_t lane = 0; lane < kLanes; ++lane) {
      const float sum = scores[i + lane] + bias[i + lane];
      scores[i + lane] = sum;
      lanes[lane] = sum < lanes[lane] ? sum : lanes[lane];
    }
  }
  float smallest = *std::min_element(lanes.begin(), lanes.end());
  for (int64_t i = whole; i < count; ++i) {
    scores[i] += bias[i];
    smallest = std::min(smallest, scores[i]);
  }
  return static_cast<int32_t>(
      std::min<int64_t>(std::find(scores, scores + count, smallest) - scores, count - 1));
}

DUOVOX_VECTOR_CLONES
double squared_distance(const float* a, const float* b, int64_t width) {
  std::array<double, kLanes> lanes{};
  int64_t j = 0;
  for (; j + kLanes <= width; j += kLanes) {
    for (int64_t lane = 0; lane < kLanes; ++lane) {
      const double d = static_cast<double>(a[j + lane]) - b[j + lane];
      lanes[lane] += d * d;
    }
  }
  double sum = 0;
  for (const double lane : lanes) sum += lane;
  for (; j < width; ++j) {
    const double d = static_cast<double>(a[j]) - b[j];
    sum += d * d;
  }
  return sum;
}

/// Returns the rows of a tile: equal shares for all threads, also of a short utterance. There are
/// always at least two tiles: outside a parallel region the GEMM itself would use threads.
int64_t tile_rows(int64_t count, int64_t clusters) {
  const int64_t most = std::clamp<int64_t>(kTileFloats / clusters, 64, 4096);
  const int64_t tiles = std::max((count + most - 1) / most, std::clamp<int64_t>(count / 64, 2, 16));
  return (count + tiles - 1) / tiles;
}

}  // namespace

Nearest::Nearest(int64_t clusters, int64_t width)
    : weights_(at::empty({clusters, width}, at::kFloat)), bias_(clusters), mean_(width) {}

Nearest::Nearest(const at::Tensor& centroids) : Nearest(centroids.size(0), centroids.size(1)) {
  set(centroids);
}

void Nearest::set(const at::Tensor& centroids) noexcept {
  centroids_ = centroids;
  const int64_t clusters = centroids.size(0), width = centroids.size(1);
  const auto* c = centroids.const_data_ptr<float>();
  // Plain loops in one order: a reduction of libtorch may depend on the number of threads.
  std::fill(mean_.begin(), mean_.end(), 0.0);
  for (int64_t i = 0; i < clusters * width; ++i) mean_[i % width] += c[i];
  double mean_square = 0;
  for (double& m : mean_) {
    m /= static_cast<double>(clusters);
    mean_square += m * m;
  }
  auto* weights = weights_.mutable_data_ptr<float>();
  for (int64_t k = 0; k < clusters; ++k) {
    double square = 0;
    for (int64_t j = 0; j < width; ++j) {
      const double value = c[k * width + j];
      weights[k * width + j] = static_cast<float>(-2 * (value - mean_[j]));
      square += value * value;
    }
    bias_[k] = static_cast<float>(square - mean_square);
  }
}

void Nearest::find(const float* rows, int64_t count, int32_t* codes, double* distances) const {
  const int64_t clusters = centroids_.size(0), width = centroids_.size(1);
  const int64_t tile = tile_rows(count, clusters), tiles = (count + tile - 1) / tile;
  at::parallel_for(0, tiles, 1, [&](int64_t from, int64_t to) {
    const at::Tensor scores = at::empty({tile, clusters}, at::kFloat);
    const at::Tensor copies = at::empty({copies_of(tile, count % tile)}, at::kFloat);
    for (int64_t start = from * tile; start < std::min(count, to * tile); start += tile) {
      find_tile(rows + start * width, std::min(tile, count - start), scores, copies, codes + start,
                distances == nullptr ? nullptr : distances + start);
    }
  });
}

BlockProduct Nearest::product(const float* rows, int64_t count, float* scores) const {
  const int64_t clusters = centroids_.size(0), width = centroids_.size(1);
  return {count,  clusters, width, {rows, width, 1}, {weights_.const_data_ptr<float>(), 1, width},
          scores, clusters, false};
}

int64_t Nearest::copies_of(int64_t tile, int64_t rest) const {
  if (!has_block_products()) return 0;
  const int64_t last = rest == 0 ? 0 : product(nullptr, rest, nullptr).memory();
  return std::max(product(nullptr, tile, nullptr).memory(), last);
}

void Nearest::find_tile(const float* rows, int64_t count, const at::Tensor& scores,
                        const at::Tensor& copies, int32_t* codes, double* distances) const {
  const int64_t clusters = centroids_.size(0), width = centroids_.size(1);
  // from_blob takes no const pointer; the rows are only read.
  const at::Tensor x = at::from_blob(const_cast<float*>(rows), {count, width}, at::kFloat);
  at::Tensor part = scores.slice(0, 0, count);
  auto* values = part.mutable_data_ptr<float>();
  if (has_block_products()) {
    product(rows, count, values).run(copies.mutable_data_ptr<float>());
  } else if (count == 1) {
    dots(weights_.const_data_ptr<float>(), clusters, rows, 1, width, values, 1);
  } else {
    at::mm_out(part, x, weights_.t());
  }
  const auto* c = centroids_.const_data_ptr<float>();
  for (int64_t i = 0; i < count; ++i) {
    codes[i] = first_minimum(values + i * clusters, bias_.data(), clusters);
    if (distances != nullptr) {
      distances[i] = squared_distance(rows + i * width, c + codes[i] * width, width);
    }
  }
}

}  // namespace duovox
