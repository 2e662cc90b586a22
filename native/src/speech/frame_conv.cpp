// See frame_conv.h. Row t of the product's left side is input[t * stride + tap ...]: a view whose
// rows are one stride apart. BLAS needs rows that do not overlap, so a kernel longer than its
// stride takes several products; a single input channel is copied instead, because its rows are
// only a few numbers long.
#include "speech/frame_conv.h"

#include <algorithm>
#include <utility>

#include "matrix_product.h"

namespace duovox {

FrameConv::FrameConv(const at::Tensor& weight, at::Tensor bias, int64_t stride)
    : bias_(std::move(bias)),
      inputs_(weight.size(1)),
      outputs_(weight.size(0)),
      kernel_(weight.size(2)),
      stride_(stride) {
  const at::Tensor ordered = weight.permute({2, 1, 0}).contiguous();  // (kernel, in, out)
  const int64_t together = inputs_ == 1 ? kernel_ : stride_;
  for (int64_t tap = 0; tap < kernel_; tap += together) {
    const int64_t count = std::min(together, kernel_ - tap);
    taps_.push_back(ordered.slice(0, tap, tap + count).reshape({count * inputs_, outputs_}));
  }
}

void FrameConv::operator()(const at::Tensor& input, at::Tensor& out) const {
  const int64_t frames = out.size(0);
  int64_t offset = input.storage_offset();
  bool first = true;
  for (const at::Tensor& weight : taps_) {
    at::Tensor rows = input.as_strided({frames, weight.size(0)}, {stride_ * inputs_, 1}, offset);
    if (inputs_ == 1) rows = rows.contiguous();
    product_out(rows, weight, first ? bias_ : at::Tensor(), !first, out);
    first = false;
    offset += weight.size(0);
  }
}

FrameConv FrameConv::scaled(const at::Tensor& scale, const at::Tensor& shift) const {
  FrameConv result = *this;
  for (at::Tensor& weight : result.taps_) weight = weight * scale;
  result.bias_ = shift;
  return result;
}

}  // namespace duovox
