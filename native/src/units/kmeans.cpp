// Lloyd (1982) and Sculley's mini-batch k-means (2010), bounded in memory: a caller may stream any
// number of rows.
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
// A cluster that mini-batches of this many rows per cluster have passed by is dead: one that holds
// a hundredth of an even share would have been met with a probability of 63 %.
constexpr int64_t kIdleRowsPerCluster = 100;

/// Gives the clusters that want one a row each, the farthest from their centroids, and ends their
/// idleness.
void repair(ClusterSums& sums, const Farthest& farthest, const std::vector<bool>& wanting,
            std::vector<int64_t>& idle) noexcept {
  auto far = farthest.rows().begin();
  const auto end = farthest.rows().end();
  for (size_t k = 0; k < wanting.size(); ++k) {
    if (!wanting[k]) continue;
    // A cluster gives a row away only while it keeps one, and a row that is its centroid already is
    // no gain.
    while (far != end && sums.counts[far->code] < 2) ++far;
    if (far == end || far->distance <= 0) return;
    sums.remove(far->row.data(), far->code);
    sums.replace(far->row.data(), static_cast<int64_t>(k));
    idle[k] = 0;
    ++far;
  }
}

}  // namespace

struct KMeans::Next {
  at::Tensor centroids;
  Nearest search;
  double moved = 0;  // largest squared Euclidean move

  explicit Next(const at::Tensor& old)
      : centroids(at::empty_like(old)), search(old.size(0), old.size(1)) {}

  /// Sets centroid k; mean(j) is its value j.
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
    moved = std::max(moved, square);
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
      idle_(config.clusters),
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
  std::fill(idle_.begin(), idle_.end(), 0);
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
  std::vector<int64_t> idle = idle_;
  std::vector<bool> dead(clusters());
  search().find(rows, count, codes.data(), distances.data());
  Next next(centroids_);
  ClusterSums batch(clusters(), width());
  batch.add(rows, count, codes.data());
  const int64_t empty = batch.empty();
  for (int64_t k = 0; k < clusters(); ++k) {
    idle[k] = batch.counts[k] > 0 ? 0 : idle[k] + count;
    dead[k] = idle[k] >= kIdleRowsPerCluster * clusters();
    if (dead[k]) seen[k] = 0;  // it forgets what it has seen
  }
  const int64_t deaths = std::count(dead.begin(), dead.end(), true);
  if (deaths > 0) {
    Farthest farthest(std::min(deaths, kMaxRepaired));
    farthest.take(farthest.choose(rows, count, width(), codes.data(), distances.data()), count);
    repair(batch, farthest, dead, idle);
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
  idle_.swap(idle);
  move_to(next);
  const double inertia = std::accumulate(distances.begin(), distances.end(), 0.0);
  return {count, empty, inertia, std::sqrt(next.moved)};
}

void KMeans::lloyd_add(const float* rows, int64_t count) {
  std::vector<int32_t> codes(count);
  std::vector<double> distances(count);
  search().find(rows, count, codes.data(), distances.data());
  std::set<FarRow> far = farthest_.choose(rows, count, width(), codes.data(), distances.data());
  pass_.add(rows, count, codes.data());
  farthest_.take(std::move(far), count);
  pass_inertia_ = std::accumulate(distances.begin(), distances.end(), pass_inertia_);
  pass_rows_ += count;
}

duovox_kmeans_report KMeans::lloyd_end() {
  search();
  require_state(pass_rows_ > 0, "the pass has no rows: call duovox_kmeans_lloyd_add first");
  Next next(centroids_);
  const int64_t empty = pass_.empty();
  std::vector<bool> wanting(clusters());
  for (int64_t k = 0; k < clusters(); ++k) wanting[k] = pass_.counts[k] == 0;
  repair(pass_, farthest_, wanting, idle_);
  for (int64_t k = 0; k < clusters(); ++k) {
    const float* old = centroids_.const_data_ptr<float>() + k * width();
    const double* sum = pass_.sums.data() + k * width();
    const auto count = static_cast<double>(pass_.counts[k]);
    next.set(centroids_, k, [&](int64_t j) { return count > 0 ? sum[j] / count : old[j]; });
  }
  move_to(next);
  const duovox_kmeans_report report{pass_rows_, empty, pass_inertia_, std::sqrt(next.moved)};
  end_pass();
  return report;
}

void KMeans::move_to(Next& next) noexcept {
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
