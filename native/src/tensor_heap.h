// A heap for tensors, which come and go in every step: best fit, free neighbors joined at once.
#ifndef DUOVOX_TENSOR_HEAP_H
#define DUOVOX_TENSOR_HEAP_H

#include <cstddef>
#include <map>
#include <memory_resource>
#include <mutex>
#include <set>
#include <utility>
#include <vector>

namespace duovox {

/// Its blocks lie in mappings of their own, so that no small allocation which outlives a step lies
/// between them: after a step they are one free range again, and the next step finds room there
/// whatever its shapes. Pages stay with the process until trim(), which spares each step the
/// faults of fresh ones. Thread-safe.
class TensorHeap {
 public:
  TensorHeap() = default;
  TensorHeap(const TensorHeap&) = delete;
  TensorHeap& operator=(const TensorHeap&) = delete;
  ~TensorHeap();

  /// Aligned to kAlignment; nullptr when the system gives no more memory.
  void* allocate(size_t bytes);

  /// Takes back what allocate() gave.
  void release(void* block);

  /// Gives the pages of all free ranges back to the system.
  void trim();

  /// Bytes of all mappings.
  size_t mapped() const;

  static constexpr size_t kAlignment = 64;  // a cache line, a vector register of AVX-512

 private:
  void insert(std::byte* start, size_t size);
  void erase(std::byte* start, size_t size);
  bool grow(size_t least);

  mutable std::mutex mutex_;
  std::pmr::unsynchronized_pool_resource nodes_;
  // The free ranges, by address (no two touch) and by size.
  std::pmr::map<std::byte*, size_t> by_address_{&nodes_};
  std::pmr::set<std::pair<size_t, std::byte*>> by_size_{&nodes_};
  std::vector<std::pair<std::byte*, size_t>> mappings_;
};

}  // namespace duovox

#endif  // DUOVOX_TENSOR_HEAP_H
