// Distances to all candidates of a draw are computed in one pass over the rows, block by block.
// Blocks do not depend on the number of threads, and potentials are summed in block order.
#include "units/kmeans_start.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "random.h"
#include "units/dots.h"
#include "vector_clones.h"

namespace duovox {
namespace {

constexpr int64_t kBlock = 1024;  // rows

DUOVOX_VECTOR_CLONES
float squared_norm(const float* row, int64_t width) {
  double lanes[8] = {};
  int64_t j = 0;
  for (; j + 8 <= width; j += 8) {
    for (int64_t lane = 0; lane < 8; ++lane) {
      lanes[lane] += static_cast<double>(row[j + lane]) * row[j + lane];
    }
  }
  double sum = 0;
  for (const double lane : lanes) sum += lane;
  for (; j < width; ++j) sum += static_cast<double>(row[j]) * row[j];
  return static_cast<float>(sum);
}

/// Returns rows minus their mean. That changes no distance, but x.x - 2 x.c + c.c loses fewer
/// digits.
at::Tensor centered(const at::Tensor& rows) {
  const int64_t count = rows.size(0), width = rows.size(1);
  at::Tensor result = at::empty_like(rows);
  const auto* from = rows.const_data_ptr<float>();
  auto* to = result.mutable_data_ptr<float>();
  at::parallel_for(0, width, std::max<int64_t>(16, 32768 / count), [&](int64_t b, int64_t e) {
    std::vector<double> mean(e - b);
    for (int64_t i = 0; i < count; ++i) {
      for (int64_t j = b; j < e; ++j) mean[j - b] += from[i * width + j];
    }
    for (double& m : mean) m /= static_cast<double>(count);
    for (int64_t i = 0; i < count; ++i) {
      for (int64_t j = b; j < e; ++j) {
        to[i * width + j] = static_cast<float>(from[i * width + j] - mean[j - b]);
      }
    }
  });
  return result;
}

/// Draws one centroid after the other.
class Start {
 public:
  Start(const at::Tensor& rows, int64_t candidates, uint64_t seed)
      : rows_(rows),
        count_(rows.size(0)),
        blocks_((count_ + kBlock - 1) / kBlock),
        norms_(count_),
        closest_(count_, std::numeric_limits<double>::infinity()),
        cumulative_(count_),
        distances_(at::empty({count_, candidates}, at::kFloat)),
        random_(seed) {
    const auto* x = rows.const_data_ptr<float>();
    const int64_t width = rows.size(1);
    for (int64_t i = 0; i < count_; ++i) norms_[i] = squared_norm(x + i * width, width);
  }

  int64_t first() {
    const std::vector<int64_t> row{random_.below(count_)};
    measure(row);
    keep(row, 0);
    return row[0];
  }

  /// Draws candidates with probability proportional to the squared distance and keeps the best one.
  int64_t next(int64_t candidates) {
    const std::vector<int64_t> drawn = draw(candidates);
    const std::vector<double> potentials = measure(drawn);
    const int64_t best =
        std::min_element(potentials.begin(), potentials.end()) - potentials.begin();
    keep(drawn, best);
    return drawn[best];
  }

 private:
  std::vector<int64_t> draw(int64_t candidates) {
    std::partial_sum(closest_.begin(), closest_.end(), cumulative_.begin());
    const double total = cumulative_.back();
    std::vector<int64_t> drawn;
    for (int64_t i = 0; i < candidates; ++i) {
      const auto at =
          std::upper_bound(cumulative_.begin(), cumulative_.end(), random_.uniform() * total);
      // All distances are 0 when there are fewer distinct rows than clusters: any row will do.
      drawn.push_back(total <= 0 ? random_.below(count_)
                                 : std::min(at - cumulative_.begin(), count_ - 1));
    }
    return drawn;
  }

  /// Computes the squared distances of all rows to the candidates to. Returns the potential (sum of
  /// squared distances to the nearest centroid) that each candidate would leave.
  std::vector<double> measure(const std::vector<int64_t>& to) {
    const auto candidates = static_cast<int64_t>(to.size());
    const at::Tensor points = rows_.index_select(0, at::tensor(to));
    std::vector<double> partial(blocks_ * candidates);
    at::parallel_for(0, blocks_, 1, [&](int64_t from, int64_t end) {
      for (int64_t b = from; b < end; ++b) {
        measure_block(b, to, points, partial.data() + b * candidates);
      }
    });
    std::vector<double> total(candidates);
    for (int64_t b = 0; b < blocks_; ++b) {
      for (int64_t j = 0; j < candidates; ++j) total[j] += partial[b * candidates + j];
    }
    return total;
  }

  void measure_block(int64_t block, const std::vector<int64_t>& to, const at::Tensor& points,
                     double* potentials) {
    const auto candidates = static_cast<int64_t>(to.size());
    const int64_t start = block * kBlock, end = std::min(count_, start + kBlock);
    const int64_t width = rows_.size(1), stride = distances_.size(1);
    auto* distance = distances_.mutable_data_ptr<float>();
    dots(rows_.const_data_ptr<float>() + start * width, end - start, points.const_data_ptr<float>(),
         candidates, width, distance + start * stride, stride);
    for (int64_t i = start; i < end; ++i) {
      for (int64_t j = 0; j < candidates; ++j) {
        float& d = distance[i * stride + j];
        d = std::max(0.0F, norms_[to[j]] + norms_[i] - 2 * d);
        potentials[j] += std::min(closest_[i], static_cast<double>(d));
      }
    }
  }

  void keep(const std::vector<int64_t>& measured, int64_t which) {
    const auto* distance = distances_.const_data_ptr<float>() + which;
    for (int64_t i = 0; i < count_; ++i) {
      closest_[i] = std::min(closest_[i], static_cast<double>(distance[i * distances_.size(1)]));
    }
    // Exactly 0, whatever the rounding: no row is drawn twice while others are left.
    closest_[measured[which]] = 0;
  }

  const at::Tensor& rows_;
  int64_t count_, blocks_;
  std::vector<float> norms_;
  std::vector<double> closest_;  // squared distance of each row to the nearest centroid so far
  std::vector<double> cumulative_;
  at::Tensor distances_;  // (count, candidates) of the draw
  Random random_;
};

}  // namespace

at::Tensor kmeans_plus_plus(const at::Tensor& rows, int64_t clusters, uint64_t seed) {
  const auto candidates = 2 + static_cast<int64_t>(std::log(static_cast<double>(clusters)));
  const at::Tensor moved = centered(rows);
  Start start(moved, candidates, seed);
  std::vector<int64_t> chosen{start.first()};
  while (static_cast<int64_t>(chosen.size()) < clusters) chosen.push_back(start.next(candidates));
  return rows.index_select(0, at::tensor(chosen));
}

}  // namespace duovox
