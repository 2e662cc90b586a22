// Outputs, losses and gradients of one batch in evaluation mode.
#include <ATen/core/grad_mode.h>

#include <cstring>
#include <limits>

#include "capi/guard.h"
#include "capi/handles.h"
#include "model/config.h"

using duovox::guard;
using duovox::require;
using duovox::require_pointer;

namespace {

/// One output that the caller asked for.
struct Output {
  float* to = nullptr;  // the caller's buffer
  at::Tensor values;
};

/// Checks the capacity of an output unless it is not wanted (NULL).
void check_capacity(const char* name, const float* to, int64_t capacity, int64_t needed) {
  if (to == nullptr) return;
  require(capacity >= needed, "forward.", name, "_capacity = ", capacity, ", must be at least ",
          needed);
}

void check_outputs(const duovox::UnitModel& model, const duovox::Inputs& inputs,
                   const duovox_forward& f) {
  const duovox_model_config& config = model.config();
  const int64_t tokens = inputs.rows * inputs.tokens;
  require(
      f.phonetic == nullptr || config.kind != DUOVOX_SINGLE,
      "forward.phonetic is not NULL, but a model of kind DUOVOX_SINGLE has no phonetic channel");
  require(f.reconstruction == nullptr || config.representation_width > 0,
          "forward.reconstruction is not NULL, but the model's representation_width is 0");
  const int64_t scores = duovox::predicted_units(config);
  check_capacity("contextual", f.contextual, f.contextual_capacity, tokens * config.hidden);
  check_capacity("phonetic", f.phonetic, f.phonetic_capacity, tokens * config.hidden);
  check_capacity("logits", f.logits, f.logits_capacity, tokens * scores);
  check_capacity("reconstruction", f.reconstruction, f.reconstruction_capacity,
                 tokens * config.representation_width);
}

/// Unpacks values (N, width) to (B, T, width) on the host, with zeros beyond the lengths.
at::Tensor on_host(const duovox::Inputs& inputs, const at::Tensor& values) {
  return inputs.unpack(values).to(at::kCPU, at::kFloat).contiguous();
}

std::vector<Output> outputs_of(const duovox::UnitModel& model, const duovox::Inputs& inputs,
                               const duovox_forward& f) {
  std::vector<Output> outputs;
  if (!f.contextual && !f.phonetic && !f.logits && !f.reconstruction) return outputs;
  const at::NoGradGuard no_grad;
  duovox::Dropout off;
  const duovox::Channels x = model.encode(inputs, off);
  const at::Tensor everywhere = at::arange(inputs.padded.size(0), inputs.padded.options());
  const auto add = [&](float* to, const at::Tensor& values) {
    outputs.push_back({to, on_host(inputs, values)});
  };
  if (f.contextual) add(f.contextual, x.contextual);
  if (f.phonetic) add(f.phonetic, x.phonetic);
  if (f.logits) add(f.logits, model.predict(x, everywhere));
  if (f.reconstruction) add(f.reconstruction, model.reconstruct(x, everywhere));
  return outputs;
}

double value_of(const at::Tensor& scalar) {
  return scalar.defined() ? scalar.item<double>() : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace

duovox_status duovox_trainer_forward(duovox_trainer* trainer, duovox_ring* ring,
                                     const duovox_batch_shape* shape, int32_t gradients,
                                     duovox_forward* forward) {
  return guard("duovox_trainer_forward", [&] {
    require_pointer(trainer, "trainer");
    require_pointer(forward, "forward");
    duovox::Trainer& value = trainer->value;
    duovox::require_state(value.purpose() != duovox::Purpose::kClassify,
                          "only a trainer with config.objective = DUOVOX_PRETRAIN gives outputs; "
                          "duovox_model_classify() gives class scores");
    duovox::require_range("gradients", gradients, 0, 1);
    const auto inputs = read_slot(ring, shape, value.model().config(), value.purpose());
    check_outputs(value.model(), inputs, *forward);
    const duovox::Outcome outcome = value.losses(inputs, gradients == 1);
    const std::vector<Output> outputs = outputs_of(value.model(), inputs, *forward);
    const double loss = value_of(outcome.loss), mcp = value_of(outcome.mcp);
    const double mcr = value_of(outcome.mcr);
    for (const Output& output : outputs) {
      std::memcpy(output.to, output.values.const_data_ptr<float>(), output.values.nbytes());
    }
    forward->loss = loss;
    forward->mcp = mcp;
    forward->mcr = mcr;
  });
}

duovox_status duovox_trainer_gradient(duovox_trainer* trainer, int32_t index, float* values,
                                      int64_t capacity) {
  return guard("duovox_trainer_gradient", [&] {
    require_pointer(trainer, "trainer");
    require_pointer(values, "values");
    const auto& all = trainer->value.model().parameters().all();
    duovox::require_range("index", index, 0, static_cast<int32_t>(all.size()) - 1);
    const auto& gradients = trainer->value.gradients();
    duovox::require_state(!gradients.empty(),
                          "no gradient is at hand: the trainer's last call must be "
                          "duovox_trainer_forward() with gradients = 1");
    const at::Tensor& value = all[index].value;
    duovox::require_capacity(capacity, value.numel());
    const at::Tensor& gradient = gradients[index];
    const at::Tensor host = gradient.defined() ? gradient.to(at::kCPU, at::kFloat).contiguous()
                                               : at::zeros(value.sizes(), at::kFloat);
    std::memcpy(values, host.const_data_ptr<float>(), host.nbytes());
  });
}
