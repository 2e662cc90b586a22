// Counts floating-point operations of products while a pass runs.
#ifndef DUOVOX_MODEL_FLOPS_H
#define DUOVOX_MODEL_FLOPS_H

#include <cstdint>

namespace duovox {

/// While it lives, products of this thread are added up: 2 operations for each multiplication and
/// addition. What libtorch, a device or a kernel makes of a product does not matter.
class FlopCounter {
 public:
  FlopCounter() : outer_(current()) { current() = &count_; }
  ~FlopCounter() { current() = outer_; }
  FlopCounter(const FlopCounter&) = delete;
  FlopCounter& operator=(const FlopCounter&) = delete;

  double count() const { return count_; }

  /// A product of (m, k) and (k, n) is being computed.
  static void product(int64_t m, int64_t n, int64_t k) {
    if (current() == nullptr) return;
    *current() += 2.0 * static_cast<double>(m) * static_cast<double>(n) * static_cast<double>(k);
  }

 private:
  static double*& current() {
    thread_local double* counter = nullptr;
    return counter;
  }

  double count_ = 0;
  double* outer_;
};

}  // namespace duovox

#endif  // DUOVOX_MODEL_FLOPS_H
