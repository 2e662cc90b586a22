// Versions, struct sizes, threads, and loading CUDA.
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <dlfcn.h>
#include <torch/version.h>

#include <cstring>

#include "capi/guard.h"
#include "device.h"

namespace {

template <size_t N>
void copy_text(char (&to)[N], const std::string& text) {
  const size_t length = std::min(text.size(), N - 1);
  std::memcpy(to, text.data(), length);
  to[length] = '\0';
}

}  // namespace

int32_t duovox_abi_version(void) { return DUOVOX_ABI_VERSION; }

int64_t duovox_sizeof(int32_t struct_id) {
  switch (struct_id) {
    case DUOVOX_STRUCT_RUNTIME_INFO:
      return sizeof(duovox_runtime_info);
    case DUOVOX_STRUCT_LOGMEL_CONFIG:
      return sizeof(duovox_logmel_config);
    case DUOVOX_STRUCT_KMEANS_CONFIG:
      return sizeof(duovox_kmeans_config);
    case DUOVOX_STRUCT_KMEANS_REPORT:
      return sizeof(duovox_kmeans_report);
    case DUOVOX_STRUCT_MODEL_CONFIG:
      return sizeof(duovox_model_config);
    case DUOVOX_STRUCT_PARAMETER_INFO:
      return sizeof(duovox_parameter_info);
    case DUOVOX_STRUCT_RING_CONFIG:
      return sizeof(duovox_ring_config);
    case DUOVOX_STRUCT_BATCH:
      return sizeof(duovox_batch);
    case DUOVOX_STRUCT_BATCH_SHAPE:
      return sizeof(duovox_batch_shape);
    case DUOVOX_STRUCT_TRAIN_CONFIG:
      return sizeof(duovox_train_config);
    case DUOVOX_STRUCT_TRAIN_REPORT:
      return sizeof(duovox_train_report);
    case DUOVOX_STRUCT_ENCODER_CONFIG:
      return sizeof(duovox_encoder_config);
    case DUOVOX_STRUCT_ENCODER_LAYER:
      return sizeof(duovox_encoder_layer);
    case DUOVOX_STRUCT_ENCODE_REQUEST:
      return sizeof(duovox_encode_request);
    case DUOVOX_STRUCT_FORWARD:
      return sizeof(duovox_forward);
    default:
      return -1;
  }
}

const char* duovox_last_error(void) { return duovox::last_error(); }

duovox_status duovox_runtime(duovox_runtime_info* out) {
  return duovox::guard("duovox_runtime", [&] {
    duovox::require_pointer(out, "out");
    duovox_runtime_info info{};
    copy_text(info.libtorch_version, TORCH_VERSION);
    copy_text(info.cpu_capability, at::get_cpu_capability());
    info.threads = at::get_num_threads();
    info.cuda_devices = duovox::cuda_devices();
    info.cpu_bf16 = duovox::cpu_multiplies_bf16() ? 1 : 0;
    *out = info;
  });
}

duovox_status duovox_set_threads(int32_t threads) {
  return duovox::guard("duovox_set_threads", [&] {
    duovox::require_range("threads", threads, 1, 1024);
    at::set_num_threads(threads);
  });
}

duovox_status duovox_cuda_load(void) {
  return duovox::guard("duovox_cuda_load", [] {
    // RTLD_GLOBAL, because it registers itself with libtorch; and before anything asks libtorch
    // about CUDA, because libtorch keeps its first answer.
    if (dlopen("libtorch_cuda.so", RTLD_NOW | RTLD_GLOBAL) == nullptr) {
      const char* reason = dlerror();
      throw duovox::Error(DUOVOX_UNAVAILABLE, reason != nullptr ? reason : "dlopen failed");
    }
    if (duovox::cuda_devices() == 0) {
      throw duovox::Error(DUOVOX_UNAVAILABLE,
                          "libtorch_cuda.so is loaded, but there is no usable driver or device");
    }
  });
}
