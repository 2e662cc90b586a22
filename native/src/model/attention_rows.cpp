// See attention_rows.h. Plain loops that vectorize; reductions use explicit lanes, because a
// compiler must not reorder float additions.
#include "model/attention_rows.h"

#include <cmath>
#include <cstring>

#include "model/fast_math.h"
#include "vector_clones.h"

namespace duovox {
namespace {

constexpr int64_t kLanes = 16;
using Lanes = float __attribute__((vector_size(kLanes * sizeof(float))));

/// Returns e^x for x <= 0, but 0 where it is too small to change a sum that contains 1: products of
/// such numbers are denormal, which is slow. NaN stays NaN.
[[gnu::always_inline]] inline float probability(float x) {
  const float e = fast_exp(x);
  return x < -60.0F ? 0.0F : e;
}

[[gnu::always_inline]] inline float largest(const float* x, int64_t n) {
  float result = x[0];
  int64_t j = 0;
  if (n >= kLanes) {
    Lanes lanes;
    std::memcpy(&lanes, x, sizeof(lanes));
    for (j = kLanes; j + kLanes <= n; j += kLanes) {
      Lanes next;
      std::memcpy(&next, x + j, sizeof(next));
      lanes = next > lanes ? next : lanes;
    }
    for (int64_t i = 0; i < kLanes; ++i) result = lanes[i] > result ? lanes[i] : result;
  }
  for (; j < n; ++j) result = x[j] > result ? x[j] : result;
  return result;
}

[[gnu::always_inline]] inline float total(const float* x, int64_t n) {
  Lanes lanes{};
  int64_t j = 0;
  for (; j + kLanes <= n; j += kLanes) {
    Lanes next;
    std::memcpy(&next, x + j, sizeof(next));
    lanes += next;
  }
  float result = 0;
  for (int64_t i = 0; i < kLanes; ++i) result += lanes[i];
  for (; j < n; ++j) result += x[j];
  return result;
}

}  // namespace

DUOVOX_VECTOR_CLONES
float exponentials(float* scores, int64_t n, MaskRow row, int32_t threshold, float* maximum) {
  const float most = largest(scores, n);
  for (int64_t j = 0; j < n; ++j) scores[j] = probability(scores[j] - most);
  const float sum = total(scores, n);
  if (threshold > 0) {
    for (int64_t j = 0; j < n; ++j) scores[j] = keeps(row, j, threshold) ? scores[j] : 0.0F;
  }
  *maximum = most;
  return sum;
}

double exponentials(double* scores, int64_t n, MaskRow row, int32_t threshold, double* maximum) {
  double most = scores[0], sum = 0;
  for (int64_t j = 1; j < n; ++j) most = std::max(most, scores[j]);
  for (int64_t j = 0; j < n; ++j) {
    scores[j] = std::exp(scores[j] - most);
    sum += scores[j];
    if (!keeps(row, j, threshold)) scores[j] = 0;
  }
  *maximum = most;
  return sum;
}

DUOVOX_VECTOR_CLONES
void score_gradients(float* scores, float* grad, int64_t n, float log_sum, float delta, MaskRow row,
                     int32_t threshold, float scale) {
  if (threshold == 0) {
    for (int64_t j = 0; j < n; ++j) {
      const float p = probability(scores[j] - log_sum);
      scores[j] = p;
      grad[j] = p * (grad[j] - delta);
    }
    return;
  }
  for (int64_t j = 0; j < n; ++j) {
    const float p = probability(scores[j] - log_sum);
    const float kept = keeps(row, j, threshold) ? scale : 0.0F;
    scores[j] = p * kept;
    grad[j] = p * (kept * grad[j] - delta);
  }
}

void score_gradients(double* scores, double* grad, int64_t n, double log_sum, double delta,
                     MaskRow row, int32_t threshold, double scale) {
  for (int64_t j = 0; j < n; ++j) {
    const double p = std::exp(scores[j] - log_sum);
    const double kept = keeps(row, j, threshold) ? scale : 0.0;
    scores[j] = p * kept;
    grad[j] = p * (kept * grad[j] - delta);
  }
}

}  // namespace duovox
