// Multi-head self-attention over the real tokens of each row.
#ifndef DUOVOX_MODEL_ATTENTION_H
#define DUOVOX_MODEL_ATTENTION_H

#include <ATen/ATen.h>

#include <cstdint>
#include <string>

#include "model/dropout.h"
#include "model/layers.h"

namespace duovox {

/// Vaswani et al. 2017; query, key and value come from one linear map, in this order.
class Attention {
 public:
  Attention(Parameters& p, const std::string& name, int64_t hidden, int64_t heads);

  /// x (B, T, H) to (B, T, H). @param real (B, T) bool: tokens that may be attended to; undefined
  /// when all
  at::Tensor operator()(const at::Tensor& x, const at::Tensor& real, Dropout& dropout) const;

 private:
  at::Tensor attend(const at::Tensor& query, const at::Tensor& key, const at::Tensor& value,
                    const at::Tensor& mask, Dropout& dropout) const;

  int64_t heads_;
  Linear qkv_, output_;
};

}  // namespace duovox

#endif  // DUOVOX_MODEL_ATTENTION_H
