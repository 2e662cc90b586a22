// Distances to all candidates of a draw come from one GEMM; potentials are added up in row order
// for repeatability.
#include "units/kmeans_start.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "random.h"

namespace duovox {
namespace {

constexpr int64_t kBlock =
    4096;  // rows a partial sum covers: fixed, so that sums do not depend on threads

class Start {
 public:
  Start(const at::Tensor& rows, uint64_t seed)
      : rows_(rows),
        norms_(rows.square().sum(1)),
        closest_(rows.size(0), std::numeric_limits<double>::infinity()),
        random_(seed) {}

  int64_t first() {
    const int64_t row = random_.below(rows_.size(0));
    keep(row);
    return row;
  }

  /// Draws candidates with probability proportional to the squared distance and keeps the best one.
  int64_t next(int64_t candidates) {
    const std::vector<int64_t> drawn = draw(candidates);
    const at::Tensor distances = squared_distances(drawn);  // (count, candidates)
    const std::vector<double> potentials = potentials_with(distances);
    const int64_t best =
        std::min_element(potentials.begin(), potentials.end()) - potentials.begin();
    keep(drawn[best]);
    return drawn[best];
  }

 private:
  std::vector<int64_t> draw(int64_t candidates) {
    std::vector<double> cumulative(closest_.size());
    std::partial_sum(closest_.begin(), closest_.end(), cumulative.begin());
    std::vector<int64_t> drawn;
    const auto last = static_cast<int64_t>(closest_.size()) - 1;
    for (int64_t i = 0; i < candidates; ++i) {
      const double at = random_.uniform() * cumulative.back();
      const auto found = std::upper_bound(cumulative.begin(), cumulative.end(), at);
      // With no distance left (fewer distinct rows than clusters) every row is as good as another.
      const bool flat = cumulative.back() <= 0;
      drawn.push_back(flat ? random_.below(last + 1)
                           : std::min<int64_t>(found - cumulative.begin(), last));
    }
    return drawn;
  }

  at::Tensor squared_distances(const std::vector<int64_t>& to) const {
    const at::Tensor points = rows_.index_select(0, at::tensor(to));  // (candidates, width)
    const at::Tensor points_norms = points.square().sum(1);
    return at::addmm(points_norms, rows_, points.t(), 1, -2)
        .add_(norms_.unsqueeze(1))
        .clamp_min_(0);
  }

  std::vector<double> potentials_with(const at::Tensor& distances) const {
    const int64_t count = distances.size(0), candidates = distances.size(1);
    const int64_t blocks = (count + kBlock - 1) / kBlock;
    std::vector<double> partial(blocks * candidates);
    const float* d = distances.const_data_ptr<float>();
    at::parallel_for(0, blocks, 1, [&](int64_t from, int64_t to) {
      for (int64_t i = from * kBlock; i < std::min(count, to * kBlock); ++i) {
        double* sum = partial.data() + i / kBlock * candidates;
        for (int64_t j = 0; j < candidates; ++j) {
          sum[j] += std::min(closest_[i], static_cast<double>(d[i * candidates + j]));
        }
      }
    });
    std::vector<double> total(candidates);
    for (int64_t b = 0; b < blocks; ++b) {
      for (int64_t j = 0; j < candidates; ++j) total[j] += partial[b * candidates + j];
    }
    return total;
  }

  void keep(int64_t row) {
    const at::Tensor distances = squared_distances({row});
    const float* d = distances.const_data_ptr<float>();
    for (size_t i = 0; i < closest_.size(); ++i) {
      closest_[i] = std::min(closest_[i], static_cast<double>(d[i]));
    }
    closest_[row] =
        0;  // exactly, whatever the rounding: a row is not drawn twice while others are left
  }

  const at::Tensor& rows_;
  at::Tensor norms_;
  std::vector<double> closest_;  // squared distance of each row to the nearest centroid so far
  Random random_;
};

}  // namespace

at::Tensor kmeans_plus_plus(const at::Tensor& rows, int64_t clusters, uint64_t seed) {
  const auto candidates = 2 + static_cast<int64_t>(std::log(static_cast<double>(clusters)));
  // Distances do not change when all rows move together; centered rows lose fewer digits in x.x - 2
  // x.c + c.c.
  const at::Tensor centered = rows - rows.mean(0, true);
  Start start(centered, seed);
  std::vector<int64_t> chosen{start.first()};
  while (static_cast<int64_t>(chosen.size()) < clusters) chosen.push_back(start.next(candidates));
  return rows.index_select(0, at::tensor(chosen));
}

}  // namespace duovox
