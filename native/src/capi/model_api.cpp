// Models: creating them, reading and writing their tensors, evaluating batches.
#include <ATen/core/grad_mode.h>

#include <cstring>

#include "capi/guard.h"
#include "capi/handles.h"
#include "device.h"
#include "model/config.h"
#include "model/flops.h"

using duovox::guard;
using duovox::require;
using duovox::require_pointer;

namespace {

using duovox::NamedTensor;

const NamedTensor& tensor_at(const duovox_model* model, int32_t index) {
  require_pointer(model, "model");
  const auto& all = model->value.parameters().all();
  duovox::require_range("index", index, 0, static_cast<int32_t>(all.size()) - 1);
  return all[index];
}

duovox_parameter_info describe(const NamedTensor& tensor) {
  duovox_parameter_info info{};
  std::strncpy(info.name, tensor.name.c_str(), sizeof(info.name) - 1);
  info.rank = static_cast<int32_t>(tensor.value.dim());
  info.trainable = tensor.trainable ? 1 : 0;
  info.elements = tensor.value.numel();
  for (int32_t i = 0; i < info.rank; ++i) info.shape[i] = tensor.value.size(i);
  return info;
}

/// Copies a tensor to a buffer of the caller; the buffer must be large enough.
void copy_out(const at::Tensor& tensor, float* out) {
  at::from_blob(out, tensor.sizes(), at::kFloat).copy_(tensor);
}

at::Tensor select_channels(const duovox::Channels& x, int32_t channel) {
  if (channel == DUOVOX_CONTEXTUAL) return x.contextual;
  if (channel == DUOVOX_PHONETIC) return x.phonetic;
  return at::cat({x.contextual, x.phonetic}, -1);
}

/// Refuses a precision that check() allows but this machine does not have, or only slowly.
void require_precision(const duovox_model_config& config) {
  if (config.device == DUOVOX_CUDA) return;
  require(config.precision != DUOVOX_FP16, "config.precision = ", config.precision,
          " (fp16) needs config.device = ", static_cast<int32_t>(DUOVOX_CUDA),
          " (CUDA); on the CPU take fp32 or bf16");
  if (config.precision == DUOVOX_BF16 && !duovox::cpu_multiplies_bf16()) {
    throw duovox::Error(DUOVOX_UNAVAILABLE,
                        "config.precision = bf16, but this processor does not multiply bfloat16 "
                        "(AVX512-BF16), and would be slower than with fp32");
  }
}

}  // namespace

duovox_status duovox_model_config_init(duovox_model_config* config) {
  return guard("duovox_model_config_init", [&] {
    require_pointer(config, "config");
    *config = duovox::default_model_config();
  });
}

duovox_status duovox_model_create(const duovox_model_config* config, duovox_model** out) {
  return guard("duovox_model_create", [&] {
    require_pointer(config, "config");
    require_pointer(out, "out");
    duovox::check(*config);
    require_precision(*config);
    *out = std::unique_ptr<duovox_model>(new duovox_model{duovox::UnitModel(*config)}).release();
  });
}

duovox_status duovox_model_parameters(duovox_model* model, int32_t* count) {
  return guard("duovox_model_parameters", [&] {
    require_pointer(model, "model");
    require_pointer(count, "count");
    *count = static_cast<int32_t>(model->value.parameters().all().size());
  });
}

duovox_status duovox_model_parameter(duovox_model* model, int32_t index,
                                     duovox_parameter_info* info) {
  return guard("duovox_model_parameter", [&] {
    const NamedTensor& tensor = tensor_at(model, index);
    require_pointer(info, "info");
    *info = describe(tensor);
  });
}

duovox_status duovox_model_read(duovox_model* model, int32_t index, float* values,
                                int64_t capacity) {
  return guard("duovox_model_read", [&] {
    const NamedTensor& tensor = tensor_at(model, index);
    require_pointer(values, "values");
    duovox::require_capacity(capacity, tensor.value.numel());
    model->value.parameters().read(index, values);
  });
}

duovox_status duovox_model_write(duovox_model* model, int32_t index, const float* values,
                                 int64_t count) {
  return guard("duovox_model_write", [&] {
    const NamedTensor& tensor = tensor_at(model, index);
    require_pointer(values, "values");
    require(count == tensor.value.numel(), "count = ", count, ", must be ", tensor.value.numel(),
            ", the elements of ", tensor.name);
    duovox::require_finite(tensor.name.c_str(), values, count);
    model->value.parameters().write(index, values);
  });
}

void duovox_model_destroy(duovox_model* model) { duovox::destroy(model); }

duovox_status duovox_model_encode(duovox_model* model, duovox_ring* ring,
                                  const duovox_batch_shape* shape, int32_t layer, int32_t channel,
                                  float* out, int64_t capacity) {
  return guard("duovox_model_encode", [&] {
    require_pointer(model, "model");
    require_pointer(out, "out");
    const duovox_model_config& config = model->value.config();
    duovox::require_range("layer", layer, -1, config.layers);
    duovox::require_range("channel", channel, 0, duovox::has_phonetic(config) ? DUOVOX_BOTH : 0);
    const duovox::Inputs inputs = read_slot(ring, shape, config, duovox::Purpose::kEncode);
    const int64_t width = int64_t{config.hidden} * (channel == DUOVOX_BOTH ? 2 : 1);
    duovox::require_capacity(capacity, inputs.rows * inputs.tokens * width);
    const at::NoGradGuard no_grad;
    duovox::Dropout off;
    const auto x = model->value.encode(inputs, layer < 0 ? config.layers : layer, off);
    copy_out(inputs.unpack(select_channels(x, channel)), out);
  });
}

duovox_status duovox_model_classify(duovox_model* model, duovox_ring* ring,
                                    const duovox_batch_shape* shape, float* logits,
                                    int64_t capacity) {
  return guard("duovox_model_classify", [&] {
    require_pointer(model, "model");
    require_pointer(logits, "logits");
    const duovox::UnitModel& value = model->value;
    duovox::require_state(value.config().classes > 0, "the model has no classes");
    const auto inputs = read_slot(ring, shape, value.config(), duovox::Purpose::kEncode);
    duovox::require_capacity(capacity, inputs.rows * value.config().classes);
    const at::NoGradGuard no_grad;
    duovox::Dropout off;
    copy_out(value.classify(value.pool(value.encode(inputs, off), inputs), off), logits);
  });
}

duovox_status duovox_model_flops(duovox_model* model, duovox_ring* ring,
                                 const duovox_batch_shape* shape, double* flops) {
  return guard("duovox_model_flops", [&] {
    require_pointer(model, "model");
    require_pointer(flops, "flops");
    const duovox::UnitModel& value = model->value;
    const auto inputs = read_slot(ring, shape, value.config(), duovox::Purpose::kPretrain);
    const at::NoGradGuard no_grad;
    const duovox::FlopCounter counter;
    duovox::Dropout off;
    const duovox::Channels x = value.encode(inputs, off);
    value.predict(x, inputs.positions);
    if (value.config().representation_width > 0) value.reconstruct(x, inputs.positions);
    *flops = counter.count();
  });
}
