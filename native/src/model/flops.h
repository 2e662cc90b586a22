// Counts the floating-point operations of matrix products while a pass runs.
#ifndef DUOVOX_MODEL_FLOPS_H
#define DUOVOX_MODEL_FLOPS_H

#include <cstdint>

namespace duovox {

/// Counts the products of this thread while it lives: 2 operations for each multiplication and
/// addition, however libtorch, a device or a kernel computes them.
class FlopCounter {
 public:
  FlopCounter() : outer_(current()) { current() = &count_; }
  ~FlopCounter() { current() = outer_; }
  FlopCounter(const FlopCounter&) = delete;
  FlopCounter& operator=(const FlopCounter&) = delete;

  double count() const { return count_; }

  /// Call for each product of (m, k) and (k, n).
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
