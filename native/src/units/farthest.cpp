// An ordered set of bounded size holds the farthest rows; a row costs one comparison once the set
// is full.
#include "units/farthest.h"

#include <iterator>

namespace duovox {

std::set<FarRow> Farthest::choose(const float* rows, int64_t count, int64_t width,
                                  const int32_t* codes, const double* distances) const {
  std::set<FarRow> chosen;
  // Whether the set is full of rows at least as far away.
  const auto beaten = [this](const std::set<FarRow>& by, double distance) {
    return static_cast<int64_t>(by.size()) >= capacity_ &&
           distance <= std::prev(by.end())->distance;
  };
  for (int64_t i = 0; i < count; ++i) {
    if (beaten(rows_, distances[i]) || beaten(chosen, distances[i])) continue;
    const float* row = rows + i * width;
    chosen.insert({distances[i], seen_ + i, codes[i], std::vector<float>(row, row + width)});
    if (static_cast<int64_t>(chosen.size()) > capacity_) chosen.erase(std::prev(chosen.end()));
  }
  return chosen;
}

void Farthest::add(std::set<FarRow> chosen, int64_t count) noexcept {
  rows_.merge(chosen);  // moves nodes, allocates none
  while (static_cast<int64_t>(rows_.size()) > capacity_) rows_.erase(std::prev(rows_.end()));
  seen_ += count;
}

void Farthest::clear() noexcept {
  rows_.clear();
  seen_ = 0;
}

}  // namespace duovox
