// A small seeded random generator (SplitMix64, Steele et al. 2014): the same numbers on every
// machine and with every compiler.
#ifndef DUOVOX_RANDOM_H
#define DUOVOX_RANDOM_H

#include <cstdint>

namespace duovox {

/// Output function of SplitMix64: a bijection that mixes all 64 bits.
constexpr uint64_t mix64(uint64_t x) {
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ULL;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBULL;
  return x ^ (x >> 31);
}

constexpr uint64_t kGolden64 = 0x9E3779B97F4A7C15ULL;

class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}

  /// Uniform in [0, 1).
  double uniform() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

  /// Uniform in 0 to bound - 1.
  int64_t below(int64_t bound) {
    return static_cast<int64_t>(uniform() * static_cast<double>(bound));
  }

 private:
  uint64_t next() { return mix64(state_ += kGolden64); }

  uint64_t state_;
};

}  // namespace duovox

#endif  // DUOVOX_RANDOM_H
