// The memory of tensors on the host: plain malloc, aligned here.
//
// libtorch asks glibc for aligned blocks. Before version 2.38 (bug 14581) glibc cuts each from a
// larger one and gives back the rims, which other allocations then hold on to: with batches of
// changing shapes the heap grew by half over 3,700 steps. Ordinary blocks that are a little too
// large fit into one another again.
#include <c10/core/CPUAllocator.h>

#include <cstdint>
#include <cstdlib>
#include <limits>

namespace duovox {
namespace {

constexpr size_t kAlignment = 64;  // a cache line and a vector register of AVX-512, as in libtorch

/// What malloc gave is kept in the word before the aligned address.
void release(void* data) {
  if (data != nullptr) {
    std::free(static_cast<void**>(data)[-1]);  // NOLINT(cppcoreguidelines-no-malloc)
  }
}

void* aligned_block(size_t bytes) {
  void* block = bytes <= std::numeric_limits<ptrdiff_t>::max() - kAlignment
                    ? std::malloc(bytes + kAlignment)  // NOLINT(cppcoreguidelines-no-malloc)
                    : nullptr;
  TORCH_CHECK_WITH(OutOfMemoryError, block != nullptr, "out of host memory: a tensor of ", bytes,
                   " bytes");
  // malloc aligns to 16 bytes, so at least that much lies before the next multiple of 64 above the
  // block's start.
  const auto address = (reinterpret_cast<uintptr_t>(block) + kAlignment) & ~(kAlignment - 1);
  auto* data = reinterpret_cast<void**>(address);  // NOLINT(performance-no-int-to-ptr)
  data[-1] = block;
  return data;
}

class TensorMemory final : public c10::Allocator {
 public:
  c10::DataPtr allocate(size_t bytes) override {
    void* data = bytes == 0 ? nullptr : aligned_block(bytes);
    return {data, data, &release, c10::Device(c10::DeviceType::CPU)};
  }

  c10::DeleterFnPtr raw_deleter() const override { return &release; }

  void copy_data(void* to, const void* from, size_t bytes) const override {
    default_copy_data(to, from, bytes);
  }
};

/// Above libtorch's own allocator, which has priority 0.
constexpr uint8_t kPriority = 1;

TensorMemory tensor_memory;  // NOLINT: libtorch wants a pointer that outlives every tensor

/// Runs when the library is loaded, before its first tensor.
[[maybe_unused]] const bool installed = [] {
  c10::SetCPUAllocator(&tensor_memory, kPriority);
  return true;
}();

}  // namespace
}  // namespace duovox
