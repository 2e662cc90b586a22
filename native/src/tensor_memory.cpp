// The allocator of host tensors: uses TensorHeap instead of glibc's heap.
//
// In glibc's heap the tensors of a step lie between small blocks that outlive the step, and batches
// of changing shapes find less and less room between them: resident memory grew by half over 3,700
// steps (with the aligned blocks that libtorch asks for, bug 14581 of glibc before 2.38), by an
// eighth over 9,000 with plain ones.
#include "tensor_memory.h"

#include <c10/core/CPUAllocator.h>
#include <malloc.h>

#include <cstdlib>

#include "tensor_heap.h"

namespace duovox {
namespace {

#ifdef DUOVOX_SANITIZED

// AddressSanitizer knows only the bounds of blocks from malloc.
void* heap_allocate(size_t bytes) {
  void* data = nullptr;
  return posix_memalign(&data, TensorHeap::kAlignment, bytes) == 0 ? data : nullptr;
}

void heap_release(void* data) { std::free(data); }  // NOLINT(cppcoreguidelines-no-malloc)
void heap_trim() {}

#else

/// Never destroyed: libtorch holds tensors until the process has ended.
TensorHeap& heap() {
  static union Forever {
    TensorHeap value;
    Forever() : value() {}
    ~Forever() {}  // NOLINT(modernize-use-equals-default): deleted if defaulted
  } forever;
  return forever.value;
}

void* heap_allocate(size_t bytes) { return heap().allocate(bytes); }

void heap_release(void* data) {
  if (data != nullptr) heap().release(data);
}

void heap_trim() { heap().trim(); }

#endif

class TensorMemory final : public c10::Allocator {
 public:
  c10::DataPtr allocate(size_t bytes) override {
    void* data = bytes == 0 ? nullptr : heap_allocate(bytes);
    TORCH_CHECK_WITH(OutOfMemoryError, data != nullptr || bytes == 0,
                     "out of host memory: a tensor of ", bytes, " bytes");
    return {data, data, &heap_release, c10::Device(c10::DeviceType::CPU)};
  }

  c10::DeleterFnPtr raw_deleter() const override { return &heap_release; }

  void copy_data(void* to, const void* from, size_t bytes) const override {
    default_copy_data(to, from, bytes);
  }
};

/// Above libtorch's own allocator, which has priority 0.
constexpr uint8_t kPriority = 1;

TensorMemory tensor_memory;  // NOLINT: libtorch wants a pointer that outlives every tensor

/// Runs when the library is loaded, before it makes its first tensor.
[[maybe_unused]] const bool installed = [] {
  c10::SetCPUAllocator(&tensor_memory, kPriority);
  return true;
}();

}  // namespace

void trim_memory() {
  heap_trim();
  malloc_trim(0);  // memory that oneDNN, ONNX Runtime or the JVM freed
}

}  // namespace duovox
