// Lloyd (1982) and Sculley's mini-batch k-means (2010), bounded in memory: a caller may stream any
// number of rows.
#include "units/kmeans.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "error.h"
#include "units/kmeans_start.h"
#include "units/nearest.h"

namespace duovox {
namespace {

constexpr int64_t kMaxElements = int64_t{1} << 31;
constexpr int64_t kMaxRepaired = 4096;  // bounds the rows a Lloyd pass keeps for empty clusters

}  // namespace

void check(const duovox_kmeans_config& config) {
  require_range("config.clusters", config.clusters, 1, 1'000'000);
  require_range("config.width", config.width, 1, 1'000'000);
  require_range("config.clusters x config.width", config.clusters * config.width, 1, kMaxElements);
}

KMeans::KMeans(const duovox_kmeans_config& config)
    : config_(config),
      seen_(config.clusters),
      pass_(config.clusters, config.width),
      farthest_(std::min(config.clusters, kMaxRepaired)) {}

at::Tensor KMeans::view(const float* rows, int64_t count) const {
  // from_blob takes no const pointer; the rows are only read.
  return at::from_blob(const_cast<float*>(rows), {count, width()}, at::kFloat);
}

void KMeans::require_started() const {
  require_state(centroids_.defined(),
                "no centroids yet: call duovox_kmeans_start or duovox_kmeans_set_centroids first");
}

void KMeans::restart(const at::Tensor& centroids) {
  centroids_ = centroids.clone();
  std::fill(seen_.begin(), seen_.end(), 0.0);
  pass_.clear();
  farthest_.clear();
  pass_rows_ = 0;
  pass_inertia_ = 0;
}

void KMeans::start(const float* rows, int64_t count) {
  restart(kmeans_plus_plus(view(rows, count), clusters(), config_.seed));
}

void KMeans::set_centroids(const float* centroids) { restart(view(centroids, clusters())); }

void KMeans::copy_centroids(float* out) const {
  require_started();
  std::copy_n(centroids_.const_data_ptr<float>(), centroids_.numel(), out);
}

void KMeans::assign(const float* rows, int64_t count, int32_t* codes) const {
  require_started();
  nearest(view(rows, count), centroids_, codes);
}

duovox_kmeans_report KMeans::minibatch(const float* rows, int64_t count) {
  require_started();
  const at::Tensor x = view(rows, count);
  std::vector<int32_t> codes(count);
  std::vector<double> distances(count);
  nearest(x, centroids_, codes.data());
  squared_distances(x, centroids_, codes.data(), distances.data());
  ClusterSums batch(clusters(), width());
  batch.add(x, codes.data());
  std::vector<double> means(batch.sums.size());
  const float* old = centroids_.const_data_ptr<float>();
  for (int64_t k = 0; k < clusters(); ++k) {
    // One step of 1 / seen per row, all rows of the batch at once: the running mean of the rows
    // seen so far.
    const auto added = static_cast<double>(batch.counts[k]);
    seen_[k] += added;
    const double rate = seen_[k] > 0 ? 1 / seen_[k] : 0;
    for (int64_t j = k * width(); j < (k + 1) * width(); ++j) {
      means[j] = old[j] + (batch.sums[j] - added * old[j]) * rate;
    }
  }
  const double inertia = std::accumulate(distances.begin(), distances.end(), 0.0);
  return {count, batch.empty(), inertia, move_to(means)};
}

void KMeans::lloyd_add(const float* rows, int64_t count) {
  require_started();
  const int64_t tile = tile_rows(clusters());
  std::vector<int32_t> codes(std::min(tile, count));
  std::vector<double> distances(codes.size());
  for (int64_t start = 0; start < count; start += tile) {
    const int64_t part = std::min(tile, count - start);
    const at::Tensor x = view(rows + start * width(), part);
    nearest(x, centroids_, codes.data());
    squared_distances(x, centroids_, codes.data(), distances.data());
    pass_.add(x, codes.data());
    farthest_.offer(x.const_data_ptr<float>(), part, width(), codes.data(), distances.data());
    pass_inertia_ = std::accumulate(distances.begin(), distances.begin() + part, pass_inertia_);
    pass_rows_ += part;
  }
}

void KMeans::repair_empty() {
  auto far = farthest_.rows().begin();
  for (int64_t k = 0; k < clusters(); ++k) {
    if (pass_.counts[k] > 0) continue;
    // A cluster gives a row away only while it keeps one, and a row that is its centroid already is
    // no gain.
    while (far != farthest_.rows().end() && pass_.counts[far->code] < 2) ++far;
    if (far == farthest_.rows().end() || far->distance <= 0) return;
    pass_.remove(far->row.data(), far->code);
    pass_.counts[k] = 1;
    std::copy(far->row.begin(), far->row.end(), pass_.sums.begin() + k * width());
    ++far;
  }
}

duovox_kmeans_report KMeans::lloyd_end() {
  require_started();
  require_state(pass_rows_ > 0, "the pass has no rows: call duovox_kmeans_lloyd_add first");
  const int64_t empty = pass_.empty();
  if (empty > 0) repair_empty();
  std::vector<double> means(pass_.sums.size());
  const float* old = centroids_.const_data_ptr<float>();
  for (int64_t k = 0; k < clusters(); ++k) {
    const auto count = static_cast<double>(pass_.counts[k]);
    for (int64_t j = k * width(); j < (k + 1) * width(); ++j) {
      means[j] = count > 0 ? pass_.sums[j] / count : old[j];
    }
  }
  const duovox_kmeans_report report{pass_rows_, empty, pass_inertia_, move_to(means)};
  pass_.clear();
  farthest_.clear();
  pass_rows_ = 0;
  pass_inertia_ = 0;
  return report;
}

double KMeans::move_to(const std::vector<double>& means) {
  double farthest = 0;
  auto* centroid = centroids_.mutable_data_ptr<float>();
  for (int64_t k = 0; k < clusters(); ++k) {
    double moved = 0;
    for (int64_t j = k * width(); j < (k + 1) * width(); ++j) {
      const double step = means[j] - centroid[j];
      moved += step * step;
      centroid[j] = static_cast<float>(means[j]);
    }
    farthest = std::max(farthest, moved);
  }
  return std::sqrt(farthest);
}

}  // namespace duovox
