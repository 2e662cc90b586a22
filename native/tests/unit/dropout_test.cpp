// Dropout: statistics of the masks, and what they depend on.
#include "model/dropout.h"

#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include <cmath>

#include "model/narrow.h"
#include "support.h"

namespace duovox::testing {
namespace {

at::Tensor draw(double probability, uint64_t seed, int64_t step, int calls = 1,
                const std::vector<int64_t>& offsets = {0, 300}, int64_t first_row = 0) {
  Dropout dropout(probability, seed, step, at::kCPU, first_row);
  dropout.lay_out(offsets);
  at::Tensor mask;
  for (int i = 0; i < calls; ++i) mask = dropout(at::ones({offsets.back(), 1000}));
  return mask;
}

double share(const at::Tensor& x) { return x.to(at::kDouble).mean().item<double>(); }

TEST(DropoutMasks, AreAPureFunctionOfSeedStepAndCall) {
  const at::Tensor mask = draw(0.25, 1, 1);
  const int threads = at::get_num_threads();
  at::set_num_threads(threads == 1 ? 2 : 1);
  EXPECT_TRUE(mask.equal(draw(0.25, 1, 1)));
  at::set_num_threads(threads);
  for (const at::Tensor& other : {draw(0.25, 2, 1), draw(0.25, 1, 2), draw(0.25, 1, 1, 2),
                                  draw(0.25, 1, 1, 1, {0, 300}, 1)}) {
    // Independent masks agree with probability 0.75^2 + 0.25^2 = 0.625.
    EXPECT_NEAR(share(mask.eq(other)), 0.625, 0.005);
  }
}

TEST(DropoutMasks, HaveTheRightStatistics) {
  for (const double probability : {0.1, 0.25, 0.5}) {
    const at::Tensor mask = draw(probability, 5, 6), dropped = mask.eq(0).to(at::kDouble);
    EXPECT_NEAR(share(mask), 1, 0.006);
    EXPECT_NEAR(share(dropped), probability, 0.003);
    // No row or column is special, and neighbors are independent.
    const double row = std::sqrt(probability * (1 - probability) / 1000);
    EXPECT_LT((dropped.mean(1) - probability).abs().max().item<double>(), 5 * row);
    const double column = std::sqrt(probability * (1 - probability) / 300);
    EXPECT_LT((dropped.mean(0) - probability).abs().max().item<double>(), 5 * column);
    const double both = probability * probability;
    EXPECT_NEAR(share(dropped.slice(1, 1) * dropped.slice(1, 0, -1)), both, 0.003);
    EXPECT_NEAR(share(dropped.slice(0, 1) * dropped.slice(0, 0, -1)), both, 0.003);
  }
}

TEST(DropoutMasks, DependOnARowsPlaceNotOnItsNeighbors) {
  const at::Tensor all = draw(0.3, 1, 1, 1, {0, 5, 9, 20});
  EXPECT_TRUE(all.slice(0, 5, 9).equal(draw(0.3, 1, 1, 1, {0, 4}, 1)));
  EXPECT_TRUE(all.slice(0, 5).equal(draw(0.3, 1, 1, 1, {0, 4, 15}, 1)));
}

TEST(DropoutMasks, BackwardUsesTheSameMaskAndTheResidualPasses) {
  for (const at::ScalarType type : {at::kFloat, at::kDouble, at::kHalf, at::kBFloat16}) {
    Dropout dropout(0.4, 1, 1, at::kCPU), twin(0.4, 1, 1, at::kCPU);
    dropout.lay_out({0, 6});
    twin.lay_out({0, 6});
    const at::Tensor x = at::full({6, 50}, 2, type).set_requires_grad(true);
    const at::Tensor residual = at::full({6, 50}, 8, type).set_requires_grad(true);
    const at::Tensor y = dropout.add(x, residual);
    const at::Tensor mask = twin(at::ones({6, 50}, at::kDouble));
    EXPECT_LT(largest_difference(y, 8 + 2 * mask), type == at::kBFloat16 ? 0.04 : 0.01);
    y.sum().backward();
    EXPECT_LT(largest_difference(x.grad(), mask), type == at::kBFloat16 ? 0.01 : 1e-3);
    EXPECT_TRUE(residual.grad().eq(1).all().item<bool>());
  }
}

TEST(DropoutMasks, RoundingToShortFloatsIsToNearestEven) {
  for (const float x :
       {0.0F, -0.0F, 1.0F, 1.00390625F, 1.01171875F, -3.3F, 1e-40F, 3.4e38F, INFINITY, -INFINITY}) {
    EXPECT_EQ(narrow_to<c10::BFloat16>(x).x, c10::BFloat16(x).x) << x;
  }
  EXPECT_TRUE(std::isnan(static_cast<float>(narrow_to<c10::BFloat16>(NAN))));
}

}  // namespace
}  // namespace duovox::testing
