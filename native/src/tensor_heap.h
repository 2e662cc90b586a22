// A best-fit heap for tensors, which are allocated and released in every step.
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

/// Blocks lie in mappings of the heap's own, and adjacent free ranges are joined at once. No small
/// allocation that outlives a step lies between the blocks: after the step they are one free range
/// again, and the next step finds room there whatever its shapes. Pages stay with the process until
/// trim(), which saves each step the page faults of fresh memory. Thread-safe.
class TensorHeap {
 public:
  TensorHeap() = default;
  TensorHeap(const TensorHeap&) = delete;
  TensorHeap& operator=(const TensorHeap&) = delete;
  ~TensorHeap();

  /// Returns a block aligned to kAlignment, or nullptr when the system has no more memory.
  void* allocate(size_t bytes);

  /// Frees a block from allocate().
  void release(void* block);

  /// Returns the pages of all free ranges to the system.
  void trim();

  /// Returns the bytes of all mappings.
  size_t mapped() const;

  static constexpr size_t kAlignment = 64;  // a cache line, a vector register of AVX-512

 private:
  void insert(std::byte* start, size_t size);
  void erase(std::byte* start, size_t size);
  bool grow(size_t min_size);

  mutable std::mutex mutex_;
  std::pmr::unsynchronized_pool_resource nodes_;
  // The free ranges, by address (no two are adjacent) and by size.
  std::pmr::map<std::byte*, size_t> by_address_{&nodes_};
  std::pmr::set<std::pair<size_t, std::byte*>> by_size_{&nodes_};
  std::vector<std::pair<std::byte*, size_t>> mappings_;
};

}  // namespace duovox

#endif  // DUOVOX_TENSOR_HEAP_H
