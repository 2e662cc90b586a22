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

/// All-or-nothing: a call that fails, for want of memory too, leaves everything as it was.
class KMeans {
 public:
  explicit KMeans(const duovox_kmeans_config& config);

  int64_t clusters() const { return config_.clusters; }
  int64_t width() const { return config_.width; }

  void start(const float* rows, int64_t count);
  duovox_kmeans_report minibatch(const float* rows, int64_t count);
  void lloyd_add(const float* rows, int64_t count);
  duovox_kmeans_report lloyd_end();
  void set_centroids(const float* centroids);
  void copy_centroids(float* out) const;
  void assign(const float* rows, int64_t count, int32_t* codes) const;

 private:
  /// Centroids to come with the search over them, made before anything changes.
  struct Next;

  at::Tensor view(const float* rows, int64_t count) const;
  const Nearest& search() const;
  void restart(at::Tensor centroids);
  void move_to(Next& next) noexcept;
  void end_pass() noexcept;

  duovox_kmeans_config config_;
  at::Tensor centroids_;           // (clusters, width); undefined before the start
  std::optional<Nearest> search_;  // over them
  std::vector<double> seen_;       // rows that each centroid has seen in mini-batches
  std::vector<int64_t> idle_;      // rows that mini-batches brought since each centroid got one
  ClusterSums pass_;               // of the Lloyd pass in progress
  Farthest farthest_;
  int64_t pass_rows_ = 0;
  double pass_inertia_ = 0;
};

}  // namespace duovox

#endif  // DUOVOX_UNITS_KMEANS_H
