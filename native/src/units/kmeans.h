// A k-means codebook fitted by streaming passes over rows: start, mini-batch steps, Lloyd passes,
// assignment.
#ifndef DUOVOX_UNITS_KMEANS_H
#define DUOVOX_UNITS_KMEANS_H

#include <ATen/ATen.h>
#include <duovox/duovox.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "units/cluster_sums.h"
#include "units/farthest.h"
#include "units/nearest.h"

namespace duovox {

void check(const duovox_kmeans_config& config);

/// All or nothing: a call that fails, for lack of memory too, leaves the codebook as it was.
class KMeans {
 public:
  explicit KMeans(const duovox_kmeans_config& config);

  int64_t clusters() const { return config_.clusters; }
  int64_t width() const { return config_.width; }

  /// Draws the centroids from rows (count, width) by k-means++.
  void start(const float* rows, int64_t count);
  /// Takes one mini-batch step (Sculley 2010).
  duovox_kmeans_report minibatch(const float* rows, int64_t count);
  /// Adds rows to the current Lloyd pass; lloyd_end() then moves the centroids to their means.
  void lloyd_add(const float* rows, int64_t count);
  duovox_kmeans_report lloyd_end();
  void set_centroids(const float* centroids);
  void copy_centroids(float* out) const;
  void assign(const float* rows, int64_t count, int32_t* codes) const;

 private:
  /// New centroids and the search over them, made before anything changes.
  struct Replacement;

  at::Tensor view(const float* rows, int64_t count) const;
  const Nearest& search() const;
  void restart(at::Tensor centroids);
  void replace_centroids(Replacement& next) noexcept;
  void end_pass() noexcept;

  duovox_kmeans_config config_;
  at::Tensor centroids_;                 // (clusters, width); undefined before the start
  std::optional<Nearest> search_;        // over centroids_
  std::vector<double> seen_;             // rows that each centroid has seen in mini-batches
  std::vector<int64_t> rows_since_hit_;  // mini-batch rows since each cluster last got one
  ClusterSums pass_;                     // of the Lloyd pass in progress
  Farthest farthest_;
  int64_t pass_rows_ = 0;
  double pass_inertia_ = 0;
};

}  // namespace duovox

#endif  // DUOVOX_UNITS_KMEANS_H
