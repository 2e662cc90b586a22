// See gru.h. The input part of all gates is one GEMM over all units; only the recurrence runs step
// by step.
#include "model/gru.h"

#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>
#include <cmath>

#include "matrix_product.h"
#include "model/flops.h"
#include "model/gru_kernel.h"
#include "plain.h"

namespace duovox {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

GruSizes sizes_of(const at::Tensor& offsets, int64_t hidden) {
  return {offsets.const_data_ptr<int64_t>(), offsets.size(0) - 1, hidden};
}

/// Makes the kernel of the CPU differentiable for libtorch.
struct CpuGruScan : torch::autograd::Function<CpuGruScan> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& inputs,
                            const at::Tensor& weight, const at::Tensor& bias,
                            const at::Tensor& offsets) {
    const int64_t units = inputs.size(0), h = weight.size(2);
    const at::Tensor x = inputs.contiguous(), w = weight.contiguous(), b = bias.contiguous();
    at::Tensor states = at::empty({units, 2 * h}, x.options());
    at::Tensor previous = at::empty({units, 2 * h}, x.options());
    at::Tensor gates = at::empty({units, 8 * h}, x.options());
    gru_forward(sizes_of(offsets, h), x.const_data_ptr<float>(), w.const_data_ptr<float>(),
                b.const_data_ptr<float>(), states.mutable_data_ptr<float>(),
                previous.mutable_data_ptr<float>(), gates.mutable_data_ptr<float>());
    context->save_for_backward({w, previous, gates, offsets});
    return states;
  }

  static variable_list backward(AutogradContext* context, const variable_list& grads) {
    const variable_list saved = context->get_saved_variables();
    const at::Tensor& w = saved[0];
    const at::Tensor& previous = saved[1];
    const at::Tensor& gates = saved[2];
    const int64_t units = previous.size(0), h = w.size(2);
    const at::Tensor grad = grads[0].contiguous();
    at::Tensor grad_inputs = at::empty({units, 6 * h}, grad.options());
    at::Tensor grad_recurrent = at::empty({units, 6 * h}, grad.options());
    gru_backward(sizes_of(saved[3], h), grad.const_data_ptr<float>(), w.const_data_ptr<float>(),
                 previous.const_data_ptr<float>(), gates.const_data_ptr<float>(),
                 grad_inputs.mutable_data_ptr<float>(), grad_recurrent.mutable_data_ptr<float>());
    std::vector<at::Tensor> grad_weight;
    for (int64_t d = 0; d < 2; ++d) {
      grad_weight.push_back(
          product(grad_recurrent.narrow(1, d * 3 * h, 3 * h).t(), previous.narrow(1, d * h, h)));
    }
    return {grad_inputs, at::stack(grad_weight), grad_recurrent.sum(0).view({2, 3 * h}), {}};
  }
};

/// Index of step s of row b in the packed units, (steps, B); 0 where the row has no such step.
struct Steps {
  at::Tensor index;   // (steps * B)
  at::Tensor active;  // (steps, B, 1) bool
  at::Tensor back;    // (N) where each unit is in index

  Steps(const std::vector<int64_t>& offsets, bool reversed) {
    const auto rows = static_cast<int64_t>(offsets.size()) - 1;
    int64_t steps = 0;
    for (int64_t b = 0; b < rows; ++b) steps = std::max(steps, offsets[b + 1] - offsets[b]);
    std::vector<int64_t> unit(steps * rows), inside(steps * rows), place(offsets.back());
    for (int64_t b = 0; b < rows; ++b) {
      const int64_t length = offsets[b + 1] - offsets[b];
      for (int64_t s = 0; s < length; ++s) {
        const int64_t at = s * rows + b;
        unit[at] = offsets[b] + (reversed ? length - 1 - s : s);
        inside[at] = 1;
        place[unit[at]] = at;
      }
    }
    index = at::tensor(unit, at::kLong);
    active = at::tensor(inside, at::kLong).to(at::kBool).view({steps, rows, 1});
    back = at::tensor(place, at::kLong);
  }
};

at::Tensor scan_direction(const at::Tensor& inputs, const at::Tensor& weight,
                          const at::Tensor& bias, const Steps& steps) {
  const int64_t h = weight.size(1), rows = steps.active.size(1);
  const auto x = inputs.index_select(0, steps.index).view({-1, rows, 3 * h}).unbind(0);
  at::Tensor state = at::zeros({rows, h}, inputs.options());
  std::vector<at::Tensor> states;
  for (size_t s = 0; s < x.size(); ++s) {
    const at::Tensor recurrent = at::linear(state, weight, bias);
    const auto in = x[s].chunk(3, 1), re = recurrent.chunk(3, 1);
    const at::Tensor r = at::sigmoid(in[0] + re[0]), z = at::sigmoid(in[1] + re[1]);
    const at::Tensor n = at::tanh(in[2] + r * re[2]);
    state = at::where(steps.active[static_cast<int64_t>(s)], n + z * (state - n), state);
    states.push_back(state);
  }
  return at::cat(states).index_select(0, steps.back);
}

}  // namespace

at::Tensor gru_scan_general(const at::Tensor& inputs, const at::Tensor& weight,
                            const at::Tensor& bias, const std::vector<int64_t>& offsets) {
  const int64_t h = weight.size(2);
  std::vector<at::Tensor> states;
  for (int64_t d = 0; d < 2; ++d) {
    const Steps steps(offsets, d == 1);
    states.push_back(scan_direction(inputs.narrow(1, d * 3 * h, 3 * h), weight[d], bias[d], steps));
  }
  return at::cat(states, 1);
}

at::Tensor gru_scan(const at::Tensor& inputs, const at::Tensor& weight, const at::Tensor& bias,
                    const std::vector<int64_t>& offsets) {
  if (inputs.scalar_type() != at::kFloat) {
    return gru_scan_general(inputs, weight, bias, offsets);
  }
  return CpuGruScan::apply(inputs, weight, bias, at::tensor(offsets, at::kLong));
}

at::Tensor gru_packed(const at::Tensor& x, const std::vector<at::Tensor>& parameters,
                      const TimeOrder& order) {
  const int64_t hidden = parameters[1].size(1);
  const int64_t rows = order.sizes.const_data_ptr<int64_t>()[0];  // every row has a first step
  const at::Tensor packed = x.index_select(0, order.position);
  const at::Tensor states =
      std::get<0>(at::gru(packed, order.sizes, at::zeros({2, rows, hidden}, x.options()),
                          parameters, true, 1, 0.0, true, true));
  return states.index_select(0, order.place);
}

BidirectionalGru::Direction::Direction(Parameters& p, const std::string& name, int64_t in,
                                       int64_t hidden) {
  const double bound = 1 / std::sqrt(static_cast<double>(hidden));
  input_weight = p.uniform(name + ".input.weight", {3 * hidden, in}, bound);
  input_bias = p.uniform(name + ".input.bias", {3 * hidden}, bound);
  hidden_weight = p.uniform(name + ".hidden.weight", {3 * hidden, hidden}, bound);
  hidden_bias = p.uniform(name + ".hidden.bias", {3 * hidden}, bound);
}

BidirectionalGru::BidirectionalGru(Parameters& p, const std::string& name, int64_t in,
                                   int64_t hidden)
    : forward_(p, name + ".forward", in, hidden), backward_(p, name + ".backward", in, hidden) {}

at::Tensor BidirectionalGru::operator()(const at::Tensor& x, const std::vector<int64_t>& offsets,
                                        const TimeOrder& order) const {
  const Direction &f = forward_, &b = backward_;
  const int64_t h = f.hidden_weight.size(1);
  FlopCounter::product(x.size(0), 6 * h, x.size(1));
  FlopCounter::product(x.size(0), 6 * h, h);
  const at::Tensor wide = x.to(f.input_weight.scalar_type());
  if (!has_kernels(x.device())) {
    return gru_packed(wide,
                      {f.input_weight, f.hidden_weight, f.input_bias, f.hidden_bias, b.input_weight,
                       b.hidden_weight, b.input_bias, b.hidden_bias},
                      order)
        .to(x.scalar_type());
  }
  const at::Tensor inputs = linear_map(wide, at::cat({f.input_weight, b.input_weight}),
                                       at::cat({f.input_bias, b.input_bias}));  // (N, 6h)
  return gru_scan(inputs, at::stack({f.hidden_weight, b.hidden_weight}),
                  at::stack({f.hidden_bias, b.hidden_bias}), offsets)
      .to(x.scalar_type());
}

}  // namespace duovox
