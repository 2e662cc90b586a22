// Which devices this process can compute on.
#ifndef DUOVOX_DEVICE_H
#define DUOVOX_DEVICE_H

#include <ATen/ATen.h>

#include <cstdint>

namespace duovox {

/// Throws DUOVOX_UNAVAILABLE when the device (a duovox_device) cannot be used.
at::Device usable_device(int32_t device);

/// A copy of host on device; host itself when that is the CPU. On CUDA the copy goes through pinned
/// memory on a stream of its own: nobody waits, and it overlaps whatever the device is computing.
at::Tensor upload(const at::Tensor& host, at::Device device);

/// CUDA devices usable in this process: 0 until libtorch's CUDA part is loaded. Asks libtorch only
/// when it is, because libtorch keeps its first answer for the life of the process.
int32_t cuda_devices();

/// Whether the processor has instructions for bfloat16 products (AVX512-BF16); without them
/// libtorch converts back and forth, slower than float32.
bool cpu_multiplies_bf16();

}  // namespace duovox

#endif  // DUOVOX_DEVICE_H
