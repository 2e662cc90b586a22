// Lloyd's algorithm (1982) and Sculley's mini-batch k-means (2010) in bounded memory: a caller may
// stream any number of rows.
#include "units/kmeans.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "error.h"
#include "units/kmeans_start.h"

namespace duovox {
namespace {

constexpr int64_t kMaxElements = int64_t{1} << 31;
constexpr int64_t kMaxRepaired = 4096;  // bounds the rows a pass keeps for empty clusters
// A cluster is dead when mini-batches with this many rows per cluster gave it no row: a cluster
// with a hundredth of an even share of the rows would have got one with a probability of 63 %.
constexpr int64_t kDeadAfterRowsPerCluster = 100;

/// Gives each empty or dead cluster one row, starting with the rows farthest from their centroids.
/// @param to_repair (clusters) which clusters
/// @param rows_since_hit (clusters) reset to 0 for the repaired ones
void repair(ClusterSums& sums, const Farthest& farthest, const std::vector<bool>& to_repair,
            std::vector<int64_t>& rows_since_hit) noexcept {
  auto far = farthest.rows().begin();
  const auto end = farthest.rows().end();
  for (size_t k = 0; k < to_repair.size(); ++k) {
    if (!to_repair[k]) continue;
    // A cluster must keep at least one row; a row that already is its centroid would gain nothing.
    while (far != end && sums.counts[far->code] < 2) ++far;
    if (far == end || far->distance <= 0) return;
    sums.remove(far->row.data(), far->code);
    sums.replace(far->row.data(), static_cast<int64_t>(k));
    rows_since_hit[k] = 0;
    ++far;
  }
}

}  // namespace

struct KMeans::Replacement {
  at::Tensor centroids;
  Nearest search;
  double max_squared_shift = 0;  // Euclidean

  explicit Replacement(const at::Tensor& old)
      : centroids(at::empty_like(old)), search(old.size(0), old.size(1)) {}

  /// Sets centroid k to (mean(0), mean(1), ...).
  template <class Mean>
  void set(const at::Tensor& old, int64_t k, Mean&& mean) noexcept {
    const int64_t width = old.size(1);
    const float* from = old.const_data_ptr<float>() + k * width;
    float* to = centroids.mutable_data_ptr<float>() + k * width;
    double square = 0;
    for (int64_t j = 0; j < width; ++j) {
      const double value = mean(j), step = value - from[j];
      square += step * step;
      to[j] = static_cast<float>(value);
    }
    max_squared_shift = std::max(max_squared_shift, square);
  }
};

void check(const duovox_kmeans_config& config) {
  require_range("config.clusters", config.clusters, 1, 1'000'000);
  require_range("config.width", config.width, 1, 1'000'000);
  require_range("config.clusters x config.width", config.clusters * config.width, 1, kMaxElements);
}

KMeans::KMeans(const duovox_kmeans_config& config)
    : config_(config),
      seen_(config.clusters),
      rows_since_hit_(config.clusters),
      pass_(config.clusters, config.width),
      farthest_(std::min(config.clusters, kMaxRepaired)) {}

at::Tensor KMeans::view(const float* rows, int64_t count) const {
  // from_blob takes no const pointer; the rows are only read.
  return at::from_blob(const_cast<float*>(rows), {count, width()}, at::kFloat);
}

const Nearest& KMeans::search() const {
  require_state(search_.has_value(),
                "no centroids yet: call duovox_kmeans_start or duovox_kmeans_set_centroids first");
  return *search_;
}

void KMeans::restart(at::Tensor centroids) {
  search_ = Nearest(centroids);
  centroids_ = std::move(centroids);
  std::fill(seen_.begin(), seen_.end(), 0.0);
  std::fill(rows_since_hit_.begin(), rows_since_hit_.end(), 0);
  end_pass();
}

void KMeans::start(const float* rows, int64_t count) {
  restart(kmeans_plus_plus(view(rows, count), clusters(), config_.seed));
}

void KMeans::set_centroids(const float* centroids) { restart(view(centroids, clusters()).clone()); }

void KMeans::copy_centroids(float* out) const {
  search();
  std::copy_n(centroids_.const_data_ptr<float>(), centroids_.numel(), out);
}

void KMeans::assign(const float* rows, int64_t count, int32_t* codes) const {
  search().find(rows, count, codes, nullptr);
}

duovox_kmeans_report KMeans::minibatch(const float* rows, int64_t count) {
  std::vector<int32_t> codes(count);
  std::vector<double> distances(count), seen = seen_;
  std::vector<int64_t> rows_since_hit = rows_since_hit_;
  std::vector<bool> dead(clusters());
  search().find(rows, count, codes.data(), distances.data());
  Replacement next(centroids_);
  ClusterSums batch(clusters(), width());
  batch.add(rows, count, codes.data());
  const int64_t empty = batch.empty();
  for (int64_t k = 0; k < clusters(); ++k) {
    rows_since_hit[k] = batch.counts[k] > 0 ? 0 : rows_since_hit[k] + count;
    dead[k] = rows_since_hit[k] >= kDeadAfterRowsPerCluster * clusters();
    if (dead[k]) seen[k] = 0;  // a dead cluster forgets the rows it has seen
  }
  const int64_t dead_count = std::count(dead.begin(), dead.end(), true);
  if (dead_count > 0) {
    Farthest farthest(std::min(dead_count, kMaxRepaired));
    farthest.add(farthest.choose(rows, count, width(), codes.data(), distances.data()), count);
    repair(batch, farthest, dead, rows_since_hit);
  }
  for (int64_t k = 0; k < clusters(); ++k) {
    // One step of 1 / seen per row, all rows of the batch at once: the running mean of the rows
    // seen so far.
    const float* old = centroids_.const_data_ptr<float>() + k * width();
    const double* sum = batch.sums.data() + k * width();
    const auto added = static_cast<double>(batch.counts[k]);
    seen[k] += added;
    const double rate = seen[k] > 0 ? 1 / seen[k] : 0;
    next.set(centroids_, k, [&](int64_t j) { return old[j] + (sum[j] - added * old[j]) * rate; });
  }
  seen_.swap(seen);
  rows_since_hit_.swap(rows_since_hit);
  replace_centroids(next);
  const double inertia = std::accumulate(distances.begin(), distances.end(), 0.0);
  return {count, empty, inertia, std::sqrt(next.max_squared_shift)};
}

void KMeans::lloyd_add(const float* rows, int64_t count) {
  std::vector<int32_t> codes(count);
  std::vector<double> distances(count);
  search().find(rows, count, codes.data(), distances.data());
  std::set<FarRow> far = farthest_.choose(rows, count, width(), codes.data(), distances.data());
  pass_.add(rows, count, codes.data());
  farthest_.add(std::move(far), count);
  pass_inertia_ = std::accumulate(distances.begin(), distances.end(), pass_inertia_);
  pass_rows_ += count;
}

duovox_kmeans_report KMeans::lloyd_end() {
  search();
  require_state(pass_rows_ > 0, "the pass has no rows: call duovox_kmeans_lloyd_add first");
  Replacement next(centroids_);
  const int64_t empty = pass_.empty();
  std::vector<bool> to_repair(clusters());
  for (int64_t k = 0; k < clusters(); ++k) to_repair[k] = pass_.counts[k] == 0;
  repair(pass_, farthest_, to_repair, rows_since_hit_);
  for (int64_t k = 0; k < clusters(); ++k) {
    const float* old = centroids_.const_data_ptr<float>() + k * width();
    const double* sum = pass_.sums.data() + k * width();
    const auto count = static_cast<double>(pass_.counts[k]);
    next.set(centroids_, k, [&](int64_t j) { return count > 0 ? sum[j] / count : old[j]; });
  }
  replace_centroids(next);
  const duovox_kmeans_report report{pass_rows_, empty, pass_inertia_,
                                    std::sqrt(next.max_squared_shift)};
  end_pass();
  return report;
}

void KMeans::replace_centroids(Replacement& next) noexcept {
  next.search.set(next.centroids);
  std::swap(centroids_, next.centroids);
  std::swap(*search_, next.search);
}

void KMeans::end_pass() noexcept {
  pass_.clear();
  farthest_.clear();
  pass_rows_ = 0;
  pass_inertia_ = 0;
}

}  // namespace duovox
