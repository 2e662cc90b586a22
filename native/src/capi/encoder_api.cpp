// Speech encoders: creating them, writing their weights, encoding audio.
#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <cstring>
#include <numeric>

#include "capi/guard.h"
#include "capi/handles.h"

using duovox::guard;
using duovox::require;
using duovox::require_pointer;
using duovox::require_range;

namespace {

constexpr int32_t kMaxRows = 65536;

duovox::Encoder& value_of(const duovox_encoder* encoder) {
  require_pointer(encoder, "encoder");
  return *encoder->value;
}

/// Returns the encoder; throws unless it is sealed.
duovox::Encoder& sealed(const duovox_encoder* encoder) {
  duovox::Encoder& value = value_of(encoder);
  duovox::require_state(value.sealed(), "the encoder is not sealed: write its tensors first");
  return value;
}

const duovox::Weights::Slot& slot_at(const duovox_encoder* encoder, int32_t index) {
  const auto& all = value_of(encoder).weights().all();
  require_range("index", index, 0, static_cast<int32_t>(all.size()) - 1);
  return all[index];
}

const duovox::EncoderLayer& layer_at(const duovox::Encoder& encoder, int32_t index) {
  require_range("layer", index, 0, static_cast<int32_t>(encoder.layers().size()) - 1);
  return encoder.layers()[index];
}

duovox_parameter_info describe(const duovox::Weights::Slot& slot) {
  duovox_parameter_info info{};
  std::strncpy(info.name, slot.name.c_str(), sizeof(info.name) - 1);
  info.rank = static_cast<int32_t>(slot.shape.size());
  info.elements = slot.elements();
  std::copy(slot.shape.begin(), slot.shape.end(), info.shape);
  return info;
}

void check(const duovox_encode_request& request, const duovox::Encoder& encoder) {
  require_range("request.rows", request.rows, 1, kMaxRows);
  require_range("request.layer_count", request.layer_count, 1,
                static_cast<int32_t>(encoder.layers().size()));
  require_range("request.reserved", request.reserved, 0, 0);
  require_pointer(request.samples, "request.samples");
  require_pointer(request.lengths, "request.lengths");
  require_pointer(request.layers, "request.layers");
  encoder.check({request.chunking, request.chunk});
  for (int32_t i = 0; i < request.layer_count; ++i) {
    const int32_t layer = request.layers[i];
    layer_at(encoder, layer);
    const auto* before = request.layers + i;
    require(std::find(request.layers, before, layer) == before, "request.layers holds ", layer,
            " twice");
  }
}

/// Checks every utterance and returns the number of floats that their frames need.
int64_t output_size(const duovox_encode_request& request, const duovox::Encoder& encoder) {
  const duovox::Chunking chunking{request.chunking, request.chunk};
  int64_t size = 0, first = 0;
  for (int32_t row = 0; row < request.rows; ++row) {
    const int64_t samples = request.lengths[row];
    require(samples >= 0, "request.lengths[", row, "] = ", samples, ", must be at least 0");
    for (int32_t i = 0; i < request.layer_count; ++i) {
      const int32_t layer = request.layers[i];
      const int64_t frames = encoder.frames(layer, samples, chunking);
      require(frames > 0, "utterance ", row, " of ", samples, " samples is too short for ",
              encoder.layers()[layer].name);
      size += frames * encoder.layers()[layer].width;
    }
    duovox::require_finite("samples", request.samples + first, samples);
    first += samples;
  }
  return size;
}

std::vector<at::Tensor> utterances(const duovox_encode_request& request) {
  std::vector<at::Tensor> waves;
  const float* next = request.samples;
  for (int32_t row = 0; row < request.rows; ++row) {
    // from_blob takes no const pointer; the samples are only read.
    waves.push_back(at::from_blob(const_cast<float*>(next), {request.lengths[row]}, at::kFloat));
    next += request.lengths[row];
  }
  return waves;
}

}  // namespace

duovox_status duovox_encoder_config_init(int32_t family, duovox_encoder_config* config) {
  return guard("duovox_encoder_config_init", [&] {
    require_pointer(config, "config");
    *config = duovox::default_encoder_config(family);
  });
}

duovox_status duovox_encoder_create(const duovox_encoder_config* config, duovox_encoder** out) {
  return guard("duovox_encoder_create", [&] {
    require_pointer(config, "config");
    require_pointer(out, "out");
    duovox::check(*config);
    *out =
        std::make_unique<duovox_encoder>(duovox_encoder{duovox::make_encoder(*config)}).release();
  });
}

duovox_status duovox_encoder_parameters(duovox_encoder* encoder, int32_t* count) {
  return guard("duovox_encoder_parameters", [&] {
    require_pointer(count, "count");
    *count = static_cast<int32_t>(value_of(encoder).weights().all().size());
  });
}

duovox_status duovox_encoder_parameter(duovox_encoder* encoder, int32_t index,
                                       duovox_parameter_info* info) {
  return guard("duovox_encoder_parameter", [&] {
    const auto& slot = slot_at(encoder, index);
    require_pointer(info, "info");
    *info = describe(slot);
  });
}

duovox_status duovox_encoder_write(duovox_encoder* encoder, int32_t index, const float* values,
                                   int64_t count) {
  return guard("duovox_encoder_write", [&] {
    const auto& slot = slot_at(encoder, index);
    duovox::require_state(!value_of(encoder).sealed(), "the encoder is sealed");
    require_pointer(values, "values");
    require(count == slot.elements(), "count = ", count, ", but ", slot.name, " has ",
            slot.elements(), " elements");
    value_of(encoder).weights().write(index, values);
  });
}

duovox_status duovox_encoder_seal(duovox_encoder* encoder) {
  return guard("duovox_encoder_seal", [&] {
    const at::NoGradGuard no_grad;
    value_of(encoder).seal();
  });
}

duovox_status duovox_encoder_layers(duovox_encoder* encoder, int32_t* count) {
  return guard("duovox_encoder_layers", [&] {
    require_pointer(count, "count");
    *count = static_cast<int32_t>(value_of(encoder).layers().size());
  });
}

duovox_status duovox_encoder_describe(duovox_encoder* encoder, int32_t index,
                                      duovox_encoder_layer* layer) {
  return guard("duovox_encoder_describe", [&] {
    const duovox::EncoderLayer& found = layer_at(value_of(encoder), index);
    require_pointer(layer, "layer");
    duovox_encoder_layer description{};
    std::strncpy(description.name, found.name.c_str(), sizeof(description.name) - 1);
    description.width = static_cast<int32_t>(found.width);
    description.codes = static_cast<int32_t>(found.codes);
    description.interval = static_cast<int32_t>(found.interval);
    description.offset = found.offset;
    *layer = description;
  });
}

duovox_status duovox_encoder_frames(duovox_encoder* encoder, int32_t layer, int64_t samples,
                                    int32_t chunking, int64_t chunk, int64_t* frames) {
  return guard("duovox_encoder_frames", [&] {
    const duovox::Encoder& value = value_of(encoder);
    layer_at(value, layer);
    require_pointer(frames, "frames");
    require(samples >= 0, "samples = ", samples, ", must be at least 0");
    value.check({chunking, chunk});
    *frames = value.frames(layer, samples, {chunking, chunk});
  });
}

duovox_status duovox_encoder_encode(const duovox_encoder* encoder,
                                    const duovox_encode_request* request, float* out,
                                    int64_t capacity) {
  return guard("duovox_encoder_encode", [&] {
    const duovox::Encoder& value = sealed(encoder);
    require_pointer(request, "request");
    require_pointer(out, "out");
    check(*request, value);
    duovox::require_capacity(capacity, output_size(*request, value));
    const c10::InferenceMode inference;
    const std::vector<int64_t> layers(request->layers, request->layers + request->layer_count);
    float* next = out;
    for (const at::Tensor& frames :
         value.encode(utterances(*request), layers, {request->chunking, request->chunk})) {
      at::from_blob(next, frames.sizes(), at::kFloat).copy_(frames);
      next += frames.numel();
    }
  });
}

void duovox_encoder_destroy(duovox_encoder* encoder) { duovox::destroy(encoder); }
