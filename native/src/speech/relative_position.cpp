// See relative_position.h. The bias of query i and key j depends only on j - i. With the queries in
// reverse order its matrix is a view of one vector (row i starts one element after row i - 1), so
// that only the gated copy of one head exists at a time.
#include "speech/relative_position.h"

#include <cmath>

namespace duovox {

at::Tensor relative_buckets(int64_t frames, int64_t buckets, int64_t max_distance) {
  const int64_t half = buckets / 2, exact = half / 2;
  const at::Tensor distance = at::arange(-(frames - 1), frames, at::kLong);
  const at::Tensor size = distance.abs();
  const double scale = std::log(static_cast<double>(max_distance) / static_cast<double>(exact));
  // In float32 and in the reference's order of operations, so that buckets have the same borders.
  const at::Tensor rank = at::log(size.to(at::kFloat) / static_cast<double>(exact)) / scale *
                          static_cast<double>(half - exact);
  const at::Tensor far = (rank + static_cast<double>(exact)).to(at::kLong).clamp_max(half - 1);
  return (distance > 0).to(at::kLong) * half + at::where(size < exact, size, far);
}

at::Tensor attend_with_bias(const at::Tensor& query, const at::Tensor& key, const at::Tensor& value,
                            const at::Tensor& bias, const at::Tensor& gate) {
  const int64_t heads = query.size(0), frames = query.size(1);
  const at::Tensor reversed = query.flip(1), gates = gate.flip(1);
  at::Tensor mixed = at::empty_like(reversed);
  for (int64_t h = 0; h < heads; ++h) {
    const at::Tensor view = bias[h].contiguous().unfold(0, frames, 1);  // (T, T), reversed queries
    const at::Tensor mask = (view * gates[h].unsqueeze(1)).unsqueeze(0).unsqueeze(0);
    const auto head = [h](const at::Tensor& x) { return x[h].unsqueeze(0).unsqueeze(0); };
    mixed[h].copy_(
        at::scaled_dot_product_attention(head(reversed), head(key), head(value), mask)[0][0]);
  }
  return mixed.flip(1);
}

}  // namespace duovox
