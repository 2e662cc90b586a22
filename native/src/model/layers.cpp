// See layers.h: the convolution. One matrix product over each position side by side with its two
// neighbors. The backward pass copies the neighbors again, so that only x is kept.
#include "model/layers.h"

#include <torch/csrc/autograd/custom_function.h>

#include "plain.h"

namespace duovox {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

/// (N, 3 in): the position before, the position, the one after; zeros beyond a row's ends.
at::Tensor with_neighbors(const at::Tensor& x, const at::Tensor& first, const at::Tensor& last) {
  const int64_t n = x.size(0), c = x.size(1);
  at::Tensor wide = at::empty({n, 3 * c}, x.options());
  at::Tensor before = wide.narrow(1, 0, c), after = wide.narrow(1, 2 * c, c);
  wide.narrow(1, c, c).copy_(x);
  before.narrow(0, 1, n - 1).copy_(x.narrow(0, 0, n - 1));
  after.narrow(0, 0, n - 1).copy_(x.narrow(0, 1, n - 1));
  before.index_fill_(0, first, 0);
  after.index_fill_(0, last, 0);
  return wide;
}

/// Returns the gradient of x from wide, the gradient of with_neighbors(x); overwrites wide.
at::Tensor from_neighbors(const at::Tensor& wide, const at::Tensor& first, const at::Tensor& last) {
  const int64_t n = wide.size(0), c = wide.size(1) / 3;
  at::Tensor before = wide.narrow(1, 0, c), after = wide.narrow(1, 2 * c, c);
  before.index_fill_(0, first, 0);
  after.index_fill_(0, last, 0);
  at::Tensor grad = wide.narrow(1, c, c).clone(at::MemoryFormat::Contiguous);
  grad.narrow(0, 0, n - 1).add_(before.narrow(0, 1, n - 1));
  grad.narrow(0, 1, n - 1).add_(after.narrow(0, 0, n - 1));
  return grad;
}

struct RowConvolution : torch::autograd::Function<RowConvolution> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& x, const at::Tensor& weight,
                            const at::Tensor& bias, const at::Tensor& first,
                            const at::Tensor& last) {
    const at::Tensor flat = weight.transpose(1, 2).reshape({weight.size(0), -1});  // (out, 3 in)
    context->save_for_backward({x, flat, first, last});
    return product(with_neighbors(x, first, last), flat.t(), bias);
  }

  static variable_list backward(AutogradContext* context, const variable_list& grads) {
    const variable_list saved = context->get_saved_variables();
    const at::Tensor& x = saved[0];
    const at::Tensor& flat = saved[1];
    const at::Tensor& grad = grads[0];
    const at::Tensor grad_x = from_neighbors(product(grad, flat), saved[2], saved[3]);
    const at::Tensor grad_flat = product(grad.t(), with_neighbors(x, saved[2], saved[3]));
    const at::Tensor grad_weight =
        grad_flat.view({flat.size(0), 3, -1}).transpose(1, 2).contiguous();
    return {grad_x, grad_weight, grad.sum(0), {}, {}};
  }
};

}  // namespace

at::Tensor convolve_rows(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias,
                         const PackedRows& rows) {
  if (plain_operations()) return convolve_plainly(x, weight, bias, rows);
  return RowConvolution::apply(x, weight, bias, rows.first, rows.last);
}

at::Tensor convolve_plainly(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias,
                            const PackedRows& rows) {
  return in_groups(x, rows, [&](const at::Tensor& group) {
    return at::conv1d(group.transpose(1, 2), weight, bias, 1, 1).transpose(1, 2);
  });
}

}  // namespace duovox
