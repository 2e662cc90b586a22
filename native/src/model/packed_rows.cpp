// See packed_rows.h.
#include "model/packed_rows.h"

#include <numeric>

namespace duovox {

at::Tensor in_groups(const at::Tensor& x, const PackedRows& rows,
                     const std::function<at::Tensor(const at::Tensor&)>& function) {
  std::vector<at::Tensor> results;
  for (int64_t b = 0, end = 0; b < rows.rows(); b = end) {
    const int64_t length = rows.length(b);
    for (end = b + 1; end < rows.rows() && rows.length(end) == length;) ++end;
    const at::Tensor group = x.slice(0, rows.offsets[b], rows.offsets[end]);
    results.push_back(function(group.view({end - b, length, -1})).flatten(0, 1));
  }
  return results.size() == 1 ? results[0] : at::cat(results);
}

std::vector<int64_t> order_by_time(const std::vector<int64_t>& offsets, int32_t* position,
                                   int32_t* place) {
  const auto rows = static_cast<int64_t>(offsets.size()) - 1;
  const auto length = [&](int64_t b) { return offsets[b + 1] - offsets[b]; };
  std::vector<int64_t> order(rows), sizes;
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](int64_t a, int64_t b) { return length(a) > length(b); });
  int32_t next = 0;
  for (int64_t s = 0; s < length(order[0]); ++s) {
    int64_t active = 0;
    for (; active < rows && length(order[active]) > s; ++active) {
      const int64_t at = offsets[order[active]] + s;
      place[at] = next;
      position[next++] = static_cast<int32_t>(at);
    }
    sizes.push_back(active);
  }
  return sizes;
}

}  // namespace duovox
