// The rows of a pass that lie farthest from their centroids; empty clusters are given these.
#ifndef DUOVOX_UNITS_FARTHEST_H
#define DUOVOX_UNITS_FARTHEST_H

#include <cstdint>
#include <set>
#include <vector>

namespace duovox {

struct FarRow {
  double distance;  // squared, to its own centroid
  int64_t index;    // in the pass
  int32_t code;
  std::vector<float> row;

  /// Farthest first; equal distances in the order of the pass.
  bool operator<(const FarRow& other) const {
    return distance != other.distance ? distance > other.distance : index < other.index;
  }
};

class Farthest {
 public:
  explicit Farthest(int64_t capacity) : capacity_(capacity) {}

  /// Returns those rows of the pass's next chunk that are among the farthest so far; changes
  /// nothing. @param rows (count, width) @param codes (count) @param distances (count) squared
  std::set<FarRow> choose(const float* rows, int64_t count, int64_t width, const int32_t* codes,
                          const double* distances) const;

  /// Adds the result of choose() for a chunk of count rows. Cannot fail.
  void add(std::set<FarRow> chosen, int64_t count) noexcept;

  const std::set<FarRow>& rows() const { return rows_; }
  void clear() noexcept;

 private:
  int64_t capacity_;
  int64_t seen_ = 0;
  std::set<FarRow> rows_;
};

}  // namespace duovox

#endif  // DUOVOX_UNITS_FARTHEST_H
