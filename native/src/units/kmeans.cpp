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

}  // namespace

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

void KMeans::restart(const at::Tensor& centroids) {
  centroids_ = centroids.clone();
  search_.emplace(centroids_);
  std::fill(seen_.begin(), seen_.end(), 0.0);
  std::fill(idle_.begin(), idle_.end(), 0);
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
  search();
  std::copy_n(centroids_.const_data_ptr<float>(), centroids_.numel(), out);
}

void KMeans::assign(const float* rows, int64_t count, int32_t* codes) const {
  search().find(rows, count, codes, nullptr);
}

duovox_kmeans_report KMeans::minibatch(const float* rows, int64_t count) {
  std::vector<int32_t> codes(count);
  std::vector<double> distances(count);
  search().find(rows, count, codes.data(), distances.data());
  ClusterSums batch(clusters(), width());
  batch.add(rows, count, codes.data());
  const int64_t empty = batch.empty();
  const std::vector<bool> idle = idle_after(batch, count);
  const int64_t dead = std::count(idle.begin(), idle.end(), true);
  if (dead > 0) {
    Farthest farthest(std::min(dead, kMaxRepaired));
    farthest.offer(rows, count, width(), codes.data(), distances.data());
    repair(batch, farthest, idle);
  }
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
  return {count, empty, inertia, move_to(means)};
}

/// Counts the batch and tells which centroids have gone without a row for too long; those forget
/// what they have seen.
std::vector<bool> KMeans::idle_after(const ClusterSums& batch, int64_t count) {
  std::vector<bool> idle(clusters());
  for (int64_t k = 0; k < clusters(); ++k) {
    idle_[k] = batch.counts[k] > 0 ? 0 : idle_[k] + count;
    idle[k] = idle_[k] >= kIdleRowsPerCluster * clusters();
    if (idle[k]) seen_[k] = 0;
  }
  return idle;
}

void KMeans::lloyd_add(const float* rows, int64_t count) {
  std::vector<int32_t> codes(count);
  std::vector<double> distances(count);
  search().find(rows, count, codes.data(), distances.data());
  pass_.add(rows, count, codes.data());
  farthest_.offer(rows, count, width(), codes.data(), distances.data());
  pass_inertia_ = std::accumulate(distances.begin(), distances.end(), pass_inertia_);
  pass_rows_ += count;
}

/// Gives the clusters that want one a row each, the farthest from their centroids.
void KMeans::repair(ClusterSums& sums, const Farthest& farthest, const std::vector<bool>& wanting) {
  auto far = farthest.rows().begin();
  const auto end = farthest.rows().end();
  for (int64_t k = 0; k < clusters(); ++k) {
    if (!wanting[k]) continue;
    // A cluster gives a row away only while it keeps one, and a row that is its centroid already is
    // no gain.
    while (far != end && sums.counts[far->code] < 2) ++far;
    if (far == end || far->distance <= 0) return;
    sums.remove(far->row.data(), far->code);
    sums.replace(far->row.data(), k);
    idle_[k] = 0;
    ++far;
  }
}

duovox_kmeans_report KMeans::lloyd_end() {
  search();
  require_state(pass_rows_ > 0, "the pass has no rows: call duovox_kmeans_lloyd_add first");
  const int64_t empty = pass_.empty();
  if (empty > 0) {
    std::vector<bool> wanting(clusters());
    for (int64_t k = 0; k < clusters(); ++k) wanting[k] = pass_.counts[k] == 0;
    repair(pass_, farthest_, wanting);
  }
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
  search_.emplace(centroids_);
  return std::sqrt(farthest);
}

}  // namespace duovox
