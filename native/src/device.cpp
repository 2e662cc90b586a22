// See device.h.
#include "device.h"

#include <ATen/Context.h>
#include <c10/core/Event.h>
#include <c10/core/StreamGuard.h>
#include <dlfcn.h>

#include "error.h"

namespace duovox {

int32_t cuda_devices() {
  void* loaded = dlopen("libtorch_cuda.so", RTLD_NOW | RTLD_NOLOAD);
  if (loaded == nullptr) return 0;
  dlclose(loaded);
  return static_cast<int32_t>(at::getNumGPUs());
}

bool cpu_multiplies_bf16() {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx512bf16") != 0;  // processors with AMX have it too
#else
  return false;
#endif
}

at::Device usable_device(int32_t device) {
  if (device == DUOVOX_CPU) return at::kCPU;
  if (cuda_devices() == 0) {
    throw Error(DUOVOX_UNAVAILABLE,
                "device = CUDA, but no CUDA device is usable: "
                "duovox_cuda_load() must succeed before");
  }
  return {at::kCUDA, 0};
}

namespace {

/// upload() to a device other than the CPU. @param[out] copied reached when host has been read
at::Tensor copy_beside(const at::Tensor& host, at::Device device, c10::Event& copied) {
  // libtorch's device-independent interface: needs no header of CUDA.
  const c10::impl::VirtualGuardImpl backend(device.type());
  const c10::Stream compute = backend.getStream(device);
  const c10::Stream side = backend.getStreamFromGlobalPool(device);
  const at::Tensor pinned = host.pin_memory();  // host itself where it already is pinned
  at::Tensor copy;
  {
    const c10::StreamGuard on(side);
    copy = pinned.to(device, /*non_blocking=*/true);
  }
  copied.record(side);
  copied.block(compute);
  copy.record_stream(compute);
  return copy;
}

}  // namespace

at::Tensor host_block(int64_t count, at::ScalarType type, at::Device device) {
  return at::empty({count}, at::TensorOptions(type).pinned_memory(device.is_cuda()));
}

at::Tensor upload(const at::Tensor& host, at::Device device) {
  if (device.is_cpu()) return host;
  c10::Event copied(device.type());
  return copy_beside(host, device, copied);
}

LentMemory::LentMemory(const at::Tensor& host, at::Device device) {
  if (device.is_cpu()) {
    on_device_ = host;
    return;
  }
  copied_.emplace(device.type());
  on_device_ = copy_beside(host, device, *copied_);
}

LentMemory::~LentMemory() {
  if (!copied_) return;
  try {
    copied_->synchronize();
  } catch (const std::exception&) {  // NOLINT: a broken device says so at the next call
  }
}

}  // namespace duovox
