// Keeps the farthest rows in an ordered set of bounded size; a row costs one comparison once the
// set is full.
#include "units/farthest.h"

#include <iterator>

namespace duovox {

void Farthest::offer(const float* rows, int64_t count, int64_t width, const int32_t* codes,
                     const double* distances) {
  for (int64_t i = 0; i < count; ++i, ++seen_) {
    const bool full = static_cast<int64_t>(rows_.size()) >= capacity_;
    if (full && distances[i] <= std::prev(rows_.end())->distance) continue;
    const float* row = rows + i * width;
    rows_.insert({distances[i], seen_, codes[i], std::vector<float>(row, row + width)});
    if (full) rows_.erase(std::prev(rows_.end()));
  }
}

void Farthest::clear() {
  rows_.clear();
  seen_ = 0;
}

}  // namespace duovox
