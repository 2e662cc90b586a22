// Reads and writes a trainer's state, tensor by tensor.
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <cstring>

#include "capi/guard.h"
#include "capi/handles.h"

using duovox::guard;
using duovox::require_pointer;

namespace {

const duovox::StateTensor& state_at(duovox_trainer* trainer, int32_t index) {
  require_pointer(trainer, "trainer");
  const auto& state = trainer->value.state();
  duovox::require_range("index", index, 0, static_cast<int32_t>(state.size()) - 1);
  return state[index];
}

int32_t dtype_of(at::ScalarType type) {
  if (type == at::kLong) return DUOVOX_I64;
  return type == at::kDouble ? DUOVOX_F64 : DUOVOX_F32;
}

duovox_parameter_info describe(const duovox::StateTensor& tensor) {
  duovox_parameter_info info{};
  std::strncpy(info.name, tensor.name.c_str(), sizeof(info.name) - 1);
  info.rank = static_cast<int32_t>(tensor.shape.size());
  info.dtype = dtype_of(tensor.type);
  info.elements = tensor.elements();
  std::copy(tensor.shape.begin(), tensor.shape.end(), info.shape);
  return info;
}

int64_t bytes_of(const duovox::StateTensor& tensor) {
  return tensor.elements() * static_cast<int64_t>(c10::elementSize(tensor.type));
}

}  // namespace

duovox_status duovox_trainer_tensors(duovox_trainer* trainer, int32_t* count) {
  return guard("duovox_trainer_tensors", [&] {
    require_pointer(trainer, "trainer");
    require_pointer(count, "count");
    *count = static_cast<int32_t>(trainer->value.state().size());
  });
}

duovox_status duovox_trainer_tensor(duovox_trainer* trainer, int32_t index,
                                    duovox_parameter_info* info) {
  return guard("duovox_trainer_tensor", [&] {
    const duovox::StateTensor& tensor = state_at(trainer, index);
    require_pointer(info, "info");
    *info = describe(tensor);
  });
}

duovox_status duovox_trainer_read(duovox_trainer* trainer, int32_t index, void* values,
                                  int64_t capacity) {
  return guard("duovox_trainer_read", [&] {
    const duovox::StateTensor& tensor = state_at(trainer, index);
    require_pointer(values, "values");
    duovox::require_capacity(capacity, bytes_of(tensor));
    const at::Tensor host = tensor.read().cpu().contiguous();
    std::memcpy(values, host.const_data_ptr(), bytes_of(tensor));
  });
}

duovox_status duovox_trainer_write(duovox_trainer* trainer, int32_t index, const void* values,
                                   int64_t bytes) {
  return guard("duovox_trainer_write", [&] {
    const duovox::StateTensor& tensor = state_at(trainer, index);
    require_pointer(values, "values");
    duovox::require(bytes == bytes_of(tensor), "bytes = ", bytes, ", must be ", bytes_of(tensor),
                    ", the size of ", tensor.name);
    const at::NoGradGuard no_grad;
    const at::Tensor host = at::empty(tensor.shape, tensor.type);
    std::memcpy(host.mutable_data_ptr(), values, bytes);
    tensor.write(host);
  });
}
