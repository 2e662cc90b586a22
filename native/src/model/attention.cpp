// libtorch's fused attention, but for dropout on the CPU, where the fused kernel is not available
// either way.
#include "model/attention.h"

#include <cmath>
#include <limits>

namespace duovox {

Attention::Attention(Parameters& p, const std::string& name, int64_t hidden, int64_t heads)
    : heads_(heads),
      qkv_(p, name + ".qkv", hidden, 3 * hidden),
      output_(p, name + ".output", hidden, hidden) {}

at::Tensor Attention::operator()(const at::Tensor& x, const at::Tensor& real,
                                 Dropout& dropout) const {
  const int64_t rows = x.size(0), tokens = x.size(1), hidden = x.size(2);
  const auto parts = qkv_(x)
                         .view({rows, tokens, 3, heads_, hidden / heads_})
                         .permute({2, 0, 3, 1, 4})
                         .unbind(0);  // three of (B, heads, T, H / heads)
  const at::Tensor mask = real.defined() ? real.unsqueeze(1).unsqueeze(1) : at::Tensor();
  const at::Tensor mixed = attend(parts[0], parts[1], parts[2], mask, dropout);
  return output_(mixed.transpose(1, 2).reshape({rows, tokens, hidden}));
}

at::Tensor Attention::attend(const at::Tensor& query, const at::Tensor& key,
                             const at::Tensor& value, const at::Tensor& mask,
                             Dropout& dropout) const {
  const std::optional<at::Tensor> attn_mask =
      mask.defined() ? std::make_optional(mask) : std::nullopt;
  if (!dropout.active() || !query.device().is_cpu()) {
    return at::scaled_dot_product_attention(query, key, value, attn_mask, dropout.probability());
  }
  const double scale = 1 / std::sqrt(static_cast<double>(query.size(-1)));
  at::Tensor scores = at::matmul(query * scale, key.transpose(-2, -1));  // (B, heads, T, T)
  if (attn_mask) {
    scores = scores.masked_fill(mask.logical_not(), -std::numeric_limits<double>::infinity());
  }
  return at::matmul(dropout(at::softmax(scores, -1)), value);
}

}  // namespace duovox
