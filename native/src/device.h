// Which devices this process can compute on.
#ifndef DUOVOX_DEVICE_H
#define DUOVOX_DEVICE_H

#include <ATen/ATen.h>
#include <c10/core/Event.h>

#include <cstdint>
#include <optional>

namespace duovox {

/// Throws DUOVOX_UNAVAILABLE when the device (a duovox_device) cannot be used.
at::Device usable_device(int32_t device);

/// An uninitialized host tensor (count) that device is to be fed from: pinned for CUDA, so that
/// upload() copies it as it is. libtorch keeps pinned blocks for the tensors to come, and gives
/// none away while a device copies from it.
at::Tensor host_block(int64_t count, at::ScalarType type, at::Device device);

/// A copy of host on device; host itself when that is the CPU. On CUDA the copy runs on a stream of
/// its own: nobody waits, and it overlaps whatever the device is computing. Memory that is not
/// pinned is first copied to memory that is.
at::Tensor upload(const at::Tensor& host, at::Device device);

/// Host memory that somebody lends for an upload() and takes back when this is destroyed: until
/// then it must not change. The destructor waits for the copy, not for what is computed on it; on
/// the CPU there is no copy.
class LentMemory {
 public:
  /// @param host a view of the lender's memory
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

/// CUDA devices usable in this process: 0 until libtorch's CUDA part is loaded. Asks libtorch only
/// when it is, because libtorch keeps its first answer for the life of the process.
int32_t cuda_devices();

/// Whether the processor has instructions for bfloat16 products (AVX512-BF16); without them
/// libtorch converts back and forth, slower than float32.
bool cpu_multiplies_bf16();

}  // namespace duovox

#endif  // DUOVOX_DEVICE_H
