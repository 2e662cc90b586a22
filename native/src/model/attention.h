// Multi-head self-attention within each of the packed rows.
#ifndef DUOVOX_MODEL_ATTENTION_H
#define DUOVOX_MODEL_ATTENTION_H

#include <ATen/ATen.h>

#include <cstdint>
#include <string>

#include "model/dropout.h"
#include "model/layers.h"
#include "model/packed_rows.h"

namespace duovox {

/// Vaswani et al. 2017; query, key and value come from one linear map, in this order.
class Attention {
 public:
  Attention(Parameters& p, const std::string& name, int64_t hidden, int64_t heads);

  /// x (N, H) to (N, H).
  at::Tensor operator()(const at::Tensor& x, const PackedRows& rows, Dropout& dropout) const;

 private:
  int64_t heads_;
  Linear qkv_, output_;
};

/// Attention before the output map: qkv (N, 3H) to (N, H). On the CPU by this library's kernel; on
/// CUDA by libtorch's fused attention, packed for half precision, else in groups of consecutive
/// rows of equal length; with plain_operations() by attend_plainly().
at::Tensor attend(const at::Tensor& qkv, int64_t heads, const PackedRows& rows, Dropout& dropout);

/// The same by libtorch's fused attention, in groups; for every device.
at::Tensor attend_in_groups(const at::Tensor& qkv, int64_t heads, const PackedRows& rows,
                            double dropout);

/// The same by products and softmax, in groups; holds the probabilities (rows, heads, T, T).
at::Tensor attend_plainly(const at::Tensor& qkv, int64_t heads, const PackedRows& rows,
                          double dropout);

}  // namespace duovox

#endif  // DUOVOX_MODEL_ATTENTION_H
