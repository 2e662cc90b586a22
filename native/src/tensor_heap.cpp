// See tensor_heap.h. A free range is found by size and split; where none fits, memory is mapped.
#include "tensor_heap.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <limits>

namespace duovox {
namespace {

/// Lies before each block; as large as the alignment, so that the block after it is aligned.
struct alignas(TensorHeap::kAlignment) Header {
  size_t size;  // of header and block together
};

constexpr size_t kMinMapping = size_t{32} << 20;
constexpr size_t kMaxBytes = std::numeric_limits<ptrdiff_t>::max() / 2;

constexpr size_t round_up(size_t value, size_t unit) { return (value + unit - 1) / unit * unit; }

/// 4 kB on most machines, 64 kB on some.
size_t page() { return static_cast<size_t>(sysconf(_SC_PAGESIZE)); }

/// Returns the offset of an address within its page.
size_t within_page(const std::byte* address) {
  return reinterpret_cast<uintptr_t>(address) % page();
}

}  // namespace

TensorHeap::~TensorHeap() {
  for (const auto& [start, size] : mappings_) munmap(start, size);
}

void* TensorHeap::allocate(size_t bytes) {
  if (bytes > kMaxBytes) return nullptr;
  const size_t size = round_up(bytes, kAlignment) + sizeof(Header);
  const std::lock_guard lock(mutex_);
  auto fit = by_size_.lower_bound({size, nullptr});
  if (fit == by_size_.end()) {
    if (!grow(size)) return nullptr;
    fit = by_size_.lower_bound({size, nullptr});
  }
  const auto [room, start] = *fit;
  erase(start, room);
  // The kernel places a new mapping below the last one, and the two join: blocks cut from the upper
  // end reuse touched pages before fresh ones.
  if (room > size) insert(start, room - size);
  auto* header = reinterpret_cast<Header*>(start + (room - size));
  header->size = size;
  return header + 1;
}

void TensorHeap::release(void* block) {
  Header* header = static_cast<Header*>(block) - 1;
  auto* start = reinterpret_cast<std::byte*>(header);
  const std::lock_guard lock(mutex_);
  insert(start, header->size);
}

void TensorHeap::trim() {
  const std::lock_guard lock(mutex_);
  for (const auto& [start, size] : by_address_) {
    std::byte* first = start + (page() - within_page(start)) % page();
    std::byte* end = start + size - within_page(start + size);
    if (first < end) madvise(first, end - first, MADV_DONTNEED);
  }
}

size_t TensorHeap::mapped() const {
  const std::lock_guard lock(mutex_);
  size_t bytes = 0;
  for (const auto& [start, size] : mappings_) bytes += size;
  return bytes;
}

/// Adds a free range and joins it with the adjacent free ranges.
void TensorHeap::insert(std::byte* start, size_t size) {
  const auto next = by_address_.upper_bound(start);
  if (next != by_address_.begin()) {
    const auto [before, length] = *std::prev(next);
    if (before + length == start) {
      erase(before, length);
      start = before;
      size += length;
    }
  }
  const auto after = by_address_.find(start + size);
  if (after != by_address_.end()) {
    const size_t length = after->second;
    erase(start + size, length);
    size += length;
  }
  by_address_.emplace(start, size);
  by_size_.emplace(size, start);
}

void TensorHeap::erase(std::byte* start, size_t size) {
  by_address_.erase(start);
  by_size_.erase({size, start});
}

/// Maps a range of at least min_size bytes; little more, because best fit ends up using all of it.
bool TensorHeap::grow(size_t min_size) {
  const size_t bytes = std::max(round_up(min_size, page()), kMinMapping);
  void* mapping = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapping == MAP_FAILED) return false;
  auto* start = static_cast<std::byte*>(mapping);
  mappings_.emplace_back(start, bytes);
  insert(start, bytes);
  return true;
}

}  // namespace duovox
