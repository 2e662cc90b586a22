// See device.h.
#include "device.h"

#include <ATen/Context.h>
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

}  // namespace duovox
