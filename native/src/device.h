// The devices that this process can compute on, and copies of host memory to them.
#ifndef DUOVOX_DEVICE_H
#define DUOVOX_DEVICE_H

#include <ATen/ATen.h>
#include <c10/core/Event.h>

#include <cstdint>
#include <optional>

namespace duovox {

/// Returns libtorch's device for a duovox_device. Throws DUOVOX_UNAVAILABLE when it cannot be used.
at::Device usable_device(int32_t device);

/// Returns an uninitialized host tensor (count) for upload() to device: pinned for CUDA, so that no
/// second copy is needed. libtorch reuses pinned blocks, but never while a device copies from one.
at::Tensor host_block(int64_t count, at::ScalarType type, at::Device device);

/// Returns a copy of host on device; host itself when that is the CPU. On CUDA the copy runs on a
/// stream of its own: it waits for nothing and overlaps what the device is computing. Memory that
/// is not pinned is first copied to pinned memory.
at::Tensor upload(const at::Tensor& host, at::Device device);

/// Host memory that a caller lends for an upload(); it must not change until this is destroyed. The
/// destructor waits for the copy, not for computations on it; on the CPU there is no copy.
class LentMemory {
 public:
  /// @param host a view of the caller's memory
  LentMemory(const at::Tensor& host, at::Device device);
  ~LentMemory();
  LentMemory(const LentMemory&) = delete;
  LentMemory& operator=(const LentMemory&) = delete;

  /// The values on the device; host itself when that is the CPU.
  const at::Tensor& on_device() const { return on_device_; }

 private:
  std::optional<c10::Event> copied_;
  at::Tensor on_device_;
};

/// Returns the number of usable CUDA devices: 0 until libtorch's CUDA part is loaded. Asks libtorch
/// only then, because libtorch keeps its first answer for the life of the process.
int32_t cuda_devices();

/// Returns whether the processor multiplies bfloat16 (AVX512-BF16); without that, libtorch converts
/// to float32 and back, which is slower than float32.
bool cpu_multiplies_bf16();

}  // namespace duovox

#endif  // DUOVOX_DEVICE_H
