// Attention of packed rows: the CPU's kernel against libtorch's fused form and its own definition.
#include "model/attention.h"

#include <gtest/gtest.h>

#include <cmath>

#include "model/attention_kernel.h"
#include "support.h"

namespace duovox::testing {
namespace {

PackedRows packed(const std::vector<int64_t>& lengths) {
  PackedRows rows;
  rows.offsets = offsets_of(lengths);
  return rows;
}

/// The mask of attention probabilities of a row and head, from its definition: (T, T).
at::Tensor mask_of(const DropoutMask& mask, int64_t row, int64_t head, int64_t heads,
                   int64_t length) {
  at::Tensor values = at::zeros({length, length}, at::kDouble);
  for (int64_t i = 0; i < length; ++i) {
    const MaskRow key = mask.row(static_cast<uint64_t>(place(row, i) * heads + head));
    for (int64_t j = 0; j < length; ++j) {
      values[i][j] = keeps(key, j, mask.threshold) ? mask.scale : 0.0;
    }
  }
  return values;
}

/// softmax(q k / sqrt(d)) times mask, times v, row by row and head by head.
at::Tensor written_out(const at::Tensor& qkv, int64_t heads, const PackedRows& rows,
                       const DropoutMask& mask, int64_t first_row) {
  const int64_t width = qkv.size(1) / 3 / heads;
  std::vector<at::Tensor> result;
  for (int64_t b = 0; b < rows.rows(); ++b) {
    const at::Tensor x =
        qkv.slice(0, rows.offsets[b], rows.offsets[b + 1]).view({-1, 3, heads, width});
    std::vector<at::Tensor> parts;
    for (int64_t h = 0; h < heads; ++h) {
      const auto head = x.select(2, h).unbind(1);
      at::Tensor p =
          at::softmax(at::matmul(head[0], head[1].t()) / std::sqrt(static_cast<double>(width)), -1);
      if (mask.active()) p = p * mask_of(mask, first_row + b, h, heads, rows.length(b));
      parts.push_back(at::matmul(p, head[2]));
    }
    result.push_back(at::cat(parts, 1));
  }
  return at::cat(result);
}

TEST(Attention, EqualsItsDefinitionForwardAndBackward) {
  const PackedRows rows = packed({5, 300, 1, 300, 17});  // 300: several blocks of queries
  const int64_t heads = 2;
  for (const double probability : {0.0, 0.3}) {
    const at::Tensor start = at::randn({rows.offsets.back(), 3 * 8}, at::kDouble);
    const at::Tensor weights = at::randn({rows.offsets.back(), 8}, at::kDouble);
    const at::Tensor a = start.clone().set_requires_grad(true);
    const at::Tensor b = start.clone().set_requires_grad(true);
    Dropout dropout(probability, 3, 4, at::kCPU, 7), twin(probability, 3, 4, at::kCPU, 7);
    const at::Tensor actual = attend(a, heads, rows, dropout);
    const at::Tensor expected = written_out(b, heads, rows, twin.next(), 7);
    EXPECT_LT(largest_difference(actual, expected), 1e-12);
    (actual * weights).sum().backward();
    (expected * weights).sum().backward();
    EXPECT_LT(largest_difference(a.grad(), b.grad()), 1e-11);
  }
}

TEST(Attention, ShorterTypesAreClose) {
  const PackedRows rows = packed({40, 3, 200});
  const at::Tensor start = at::randn({rows.offsets.back(), 3 * 16}, at::kDouble);
  const at::Tensor weights = at::randn({rows.offsets.back(), 16}, at::kDouble);
  const auto run = [&](at::ScalarType type) {
    const at::Tensor x = start.to(type).detach().clone().set_requires_grad(true);
    Dropout dropout(0.2, 3, 4, at::kCPU);
    const at::Tensor y = attend(x, 4, rows, dropout);
    (y * weights.to(type)).sum().backward();
    return std::make_pair(y.detach().to(at::kDouble), x.grad().to(at::kDouble));
  };
  const auto exact = run(at::kDouble);
  for (const auto& [type, most] : std::vector<std::pair<at::ScalarType, double>>{
           {at::kFloat, 1e-5}, {at::kHalf, 2e-2}, {at::kBFloat16, 1e-1}}) {
    const auto actual = run(type);
    EXPECT_LT(largest_difference(actual.first, exact.first), most) << type;
    EXPECT_LT(largest_difference(actual.second, exact.second), most) << type;
  }
}

TEST(Attention, GroupsOfRowsOfOneLengthGiveTheSame) {
  const PackedRows rows = packed({4, 4, 7, 4});
  const at::Tensor qkv = at::randn({19, 3 * 8});
  Dropout off;
  EXPECT_LT(largest_difference(attend(qkv, 2, rows, off), attend_in_groups(qkv, 2, rows, 0)), 1e-5);
}

TEST(Attention, PlainFormGivesTheSameForwardAndBackward) {
  for (const auto& lengths : std::vector<std::vector<int64_t>>{{1}, {5, 5, 300, 1, 17}, {129}}) {
    const PackedRows rows = packed(lengths);
    const at::Tensor start = at::randn({rows.offsets.back(), 3 * 15}, at::kDouble);
    const at::Tensor weights = at::randn({rows.offsets.back(), 15}, at::kDouble);
    const at::Tensor a = start.clone().set_requires_grad(true);
    const at::Tensor b = start.clone().set_requires_grad(true);
    Dropout off;
    const at::Tensor fused = attend(a, 3, rows, off), plain = attend_plainly(b, 3, rows, 0);
    EXPECT_LT(largest_difference(fused, plain), 1e-12);
    (fused * weights).sum().backward();
    (plain * weights).sum().backward();
    EXPECT_LT(largest_difference(a.grad(), b.grad()), 1e-11);
  }
}

TEST(Attention, ARowDoesNotDependOnItsNeighborsOrThreads) {
  const at::Tensor qkv = at::randn({150, 3 * 8});
  Dropout in(0.1, 1, 1, at::kCPU), alone(0.1, 1, 1, at::kCPU, 2);
  const at::Tensor all = attend(qkv, 2, packed({20, 30, 90, 10}), in);
  const at::Tensor one = attend(qkv.slice(0, 50, 140).contiguous(), 2, packed({90}), alone);
  EXPECT_TRUE(all.slice(0, 50, 140).equal(one));
}

TEST(Attention, NotANumberIsNotHidden) {
  at::Tensor qkv = at::randn({9, 3 * 8});
  qkv[4].fill_(NAN);
  Dropout off;
  const at::Tensor y = attend(qkv, 2, packed({3, 6}), off);
  EXPECT_TRUE(y.slice(0, 0, 3).isfinite().all().item<bool>());
  EXPECT_TRUE(y.slice(0, 3).isnan().all().item<bool>());
}

}  // namespace
}  // namespace duovox::testing
