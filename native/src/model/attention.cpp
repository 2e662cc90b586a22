// See attention.h and attention_kernel.h. Between the passes the CPU keeps queries, keys, values,
// the output and one number per query and head, never the probabilities.
#include "model/attention.h"

#include <torch/csrc/autograd/custom_function.h>

#include <cmath>
#include <tuple>

#include "model/attention_kernel.h"
#include "model/flops.h"
#include "plain.h"

namespace duovox {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

AttentionShape shape_of(const at::Tensor& offsets, int64_t heads, int64_t hidden, int64_t first_row,
                        const DropoutMask& mask) {
  return {offsets.const_data_ptr<int64_t>(),
          offsets.size(0) - 1,
          heads,
          hidden / heads,
          first_row,
          mask};
}

at::ScalarType wide_type(at::ScalarType type) {
  return type == at::kDouble ? at::kDouble : at::kFloat;
}

#define DUOVOX_DISPATCH(TYPE, ...) \
  AT_DISPATCH_FLOATING_TYPES_AND2(at::kHalf, at::kBFloat16, TYPE, "attention", __VA_ARGS__)

struct CpuAttention : torch::autograd::Function<CpuAttention> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& qkv,
                            const at::Tensor& offsets, int64_t heads, int64_t first_row,
                            const DropoutMask& mask) {
    const at::Tensor x = qkv.contiguous();
    const int64_t hidden = x.size(1) / 3;
    at::Tensor out = at::empty({x.size(0), hidden}, x.options());
    at::Tensor log_sum =
        at::empty({x.size(0), heads}, x.options().dtype(wide_type(x.scalar_type())));
    const AttentionShape shape = shape_of(offsets, heads, hidden, first_row, mask);
    DUOVOX_DISPATCH(x.scalar_type(), [&] {
      attention_forward<scalar_t>(shape, x.const_data_ptr<scalar_t>(),
                                  out.mutable_data_ptr<scalar_t>(),
                                  log_sum.mutable_data_ptr<Wide<scalar_t>::type>());
    });
    context->save_for_backward({x, out, log_sum, offsets});
    context->saved_data["heads"] = heads;
    context->saved_data["first_row"] = first_row;
    save(mask, *context);
    return out;
  }

  static variable_list backward(AutogradContext* context, const variable_list& grads) {
    const variable_list saved = context->get_saved_variables();
    const at::Tensor& x = saved[0];
    const at::Tensor& out = saved[1];
    const at::Tensor& log_sum = saved[2];
    const AttentionShape shape =
        shape_of(saved[3], context->saved_data["heads"].toInt(), out.size(1),
                 context->saved_data["first_row"].toInt(), saved_mask(*context));
    const at::Tensor grad = grads[0].contiguous();
    at::Tensor grad_x = at::empty_like(x);
    DUOVOX_DISPATCH(x.scalar_type(), [&] {
      attention_backward<scalar_t>(
          shape, x.const_data_ptr<scalar_t>(), out.const_data_ptr<scalar_t>(),
          log_sum.const_data_ptr<Wide<scalar_t>::type>(), grad.const_data_ptr<scalar_t>(),
          grad_x.mutable_data_ptr<scalar_t>());
    });
    return {grad_x, {}, {}, {}, {}};
  }
};

/// One call for all rows, whose offsets are read on the device; for half types and heads of at most
/// 256 values.
at::Tensor attend_packed(const at::Tensor& qkv, int64_t heads, const PackedRows& rows,
                         double dropout) {
  const int64_t width = qkv.size(1) / 3 / heads;
  const auto parts = qkv.view({-1, 3, heads, width}).unbind(1);  // three of (N, heads, width)
  const at::Tensor offsets =
      at::cat({rows.first, rows.last.narrow(0, rows.rows() - 1, 1) + 1}).to(at::kInt);
  const int64_t longest = rows.longest();
  const auto result = at::_flash_attention_forward(parts[0], parts[1], parts[2], offsets, offsets,
                                                   longest, longest, dropout, false, false);
  return std::get<0>(result).reshape({-1, heads * width});
}

/// Queries, keys and values of rows of one length: (rows, T, 3H) to three of (rows, heads, T,
/// width).
std::tuple<at::Tensor, at::Tensor, at::Tensor> split_heads(const at::Tensor& group, int64_t heads) {
  const auto parts = group.view({group.size(0), group.size(1), 3, heads, group.size(2) / 3 / heads})
                         .permute({2, 0, 3, 1, 4})
                         .unbind(0);
  return {parts[0], parts[1], parts[2]};
}

/// (rows, heads, T, width) to (rows, T, H).
at::Tensor join_heads(const at::Tensor& mixed) { return mixed.transpose(1, 2).flatten(2); }

void count_flops(const PackedRows& rows, int64_t hidden) {
  for (int64_t b = 0; b < rows.rows(); ++b) {
    FlopCounter::product(rows.length(b), rows.length(b), 2 * hidden);
  }
}

}  // namespace

Attention::Attention(Parameters& p, const std::string& name, int64_t hidden, int64_t heads)
    : heads_(heads),
      qkv_(p, name + ".qkv", hidden, 3 * hidden),
      output_(p, name + ".output", hidden, hidden) {}

at::Tensor Attention::operator()(const at::Tensor& x, const PackedRows& rows,
                                 Dropout& dropout) const {
  count_flops(rows, x.size(1));
  return output_(attend(qkv_(x), heads_, rows, dropout));
}

at::Tensor attend(const at::Tensor& qkv, int64_t heads, const PackedRows& rows, Dropout& dropout) {
  if (has_kernels(qkv.device())) {
    return CpuAttention::apply(qkv, at::tensor(rows.offsets, at::kLong), heads, dropout.first_row(),
                               dropout.next());
  }
  if (plain_operations()) return attend_plainly(qkv, heads, rows, dropout.probability());
  const int64_t width = qkv.size(1) / 3 / heads;
  if (qkv.element_size() == 2 && width % 8 == 0 && width <= 256) {
    return attend_packed(qkv, heads, rows, dropout.probability());
  }
  return attend_in_groups(qkv, heads, rows, dropout.probability());
}

at::Tensor attend_in_groups(const at::Tensor& qkv, int64_t heads, const PackedRows& rows,
                            double dropout) {
  return in_groups(qkv, rows, [&](const at::Tensor& group) {
    const auto [q, k, v] = split_heads(group, heads);
    return join_heads(at::scaled_dot_product_attention(q, k, v, {}, dropout));
  });
}

at::Tensor attend_plainly(const at::Tensor& qkv, int64_t heads, const PackedRows& rows,
                          double dropout) {
  return in_groups(qkv, rows, [&](const at::Tensor& group) {
    const auto [q, k, v] = split_heads(group, heads);
    const double scale = 1 / std::sqrt(static_cast<double>(q.size(3)));
    const at::Tensor shares = at::softmax(at::matmul(q, k.transpose(2, 3)) * scale, -1);
    return join_heads(at::matmul(at::dropout(shares, dropout, dropout > 0), v));
  });
}

}  // namespace duovox
