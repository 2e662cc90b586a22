// The GRU's kernel against its general form, and the general form against libtorch's own GRU.
#include "model/gru.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>
#include <tuple>

#include "model/fast_math.h"
#include "support.h"

namespace duovox::testing {
namespace {

struct Case {
  at::Tensor inputs, weight, bias, weights_of_sum;
  std::vector<int64_t> offsets;

  Case(const std::vector<int64_t>& lengths, int64_t h) : offsets(offsets_of(lengths)) {
    at::manual_seed(1);
    const auto options = at::TensorOptions(at::kDouble);
    inputs = at::randn({offsets.back(), 6 * h}, options);
    weight = at::randn({2, 3 * h, h}, options) / std::sqrt(static_cast<double>(h));
    bias = at::randn({2, 3 * h}, options);
    weights_of_sum = at::randn({offsets.back(), 2 * h}, options);
  }

  /// States and the gradients of a weighted sum of them, in the given type.
  std::vector<at::Tensor> run(at::ScalarType type) const {
    std::vector<at::Tensor> leaves;
    for (const at::Tensor& t : {inputs, weight, bias}) {
      leaves.push_back(t.to(type).detach().clone().set_requires_grad(true));
    }
    const at::Tensor states = gru_scan(leaves[0], leaves[1], leaves[2], offsets);
    (states * weights_of_sum.to(type)).sum().backward();
    return {states.detach(), leaves[0].grad(), leaves[1].grad(), leaves[2].grad()};
  }
};

TEST(Gru, KernelEqualsTheGeneralForm) {
  const std::vector<std::vector<int64_t>> lengths{
      {1}, {7}, {3, 9, 1, 4, 6}, {2, 2, 2, 2}, {5, 1, 8, 3, 2, 7, 4, 9, 1}};
  for (const auto& rows : lengths) {
    for (const int64_t h : {1, 5, 16, 33}) {
      const Case example(rows, h);
      const auto expected = example.run(at::kDouble), actual = example.run(at::kFloat);
      for (size_t i = 0; i < expected.size(); ++i) {
        EXPECT_LT(largest_difference(expected[i], actual[i]), 2e-5)
            << rows.size() << " rows, h " << h << ", " << i;
      }
    }
  }
}

TEST(Gru, EqualsLibtorchOnEachRow) {
  Parameters parameters(at::kDouble, 1);
  const BidirectionalGru gru(parameters, "gru", 4, 3);
  scramble(parameters);
  const auto p = [&](const char* name) {
    return parameters.named(std::string("gru.") + name).value;
  };
  const std::vector<at::Tensor> flat{p("forward.input.weight"),  p("forward.hidden.weight"),
                                     p("forward.input.bias"),    p("forward.hidden.bias"),
                                     p("backward.input.weight"), p("backward.hidden.weight"),
                                     p("backward.input.bias"),   p("backward.hidden.bias")};
  const auto offsets = offsets_of({5, 1, 8});
  const at::Tensor x = at::randn({14, 4}, at::kDouble);
  const at::Tensor actual = gru(x, offsets);
  for (size_t b = 0; b + 1 < offsets.size(); ++b) {
    const at::Tensor row = x.slice(0, offsets[b], offsets[b + 1]).unsqueeze(0);
    const at::Tensor expected = std::get<0>(
        at::gru(row, at::zeros({2, 1, 3}, at::kDouble), flat, true, 1, 0.0, false, true, true));
    EXPECT_LT(largest_difference(actual.slice(0, offsets[b], offsets[b + 1]), expected[0]), 1e-12);
  }
}

TEST(Gru, PackedFormOfOtherDevicesGivesTheSame) {
  Parameters parameters(at::kDouble, 1);
  const BidirectionalGru gru(parameters, "gru", 4, 3);
  const at::Tensor x = parameters.normal("x", {23, 4});
  scramble(parameters);
  std::vector<at::Tensor> flat;
  for (const char* direction : {"gru.forward", "gru.backward"}) {
    for (const char* part : {".input.weight", ".hidden.weight", ".input.bias", ".hidden.bias"}) {
      flat.push_back(parameters.named(std::string(direction) + part).value);
    }
  }
  const auto offsets = offsets_of({3, 9, 1, 4, 6});
  const at::Tensor weights = at::randn({23, 6}, at::kDouble);
  const auto gradients = [&](const at::Tensor& states) {
    (states * weights).sum().backward();
    std::vector<at::Tensor> actual;
    for (const NamedTensor& tensor : parameters.all()) {
      actual.push_back(tensor.value.grad().clone());
      tensor.value.grad().zero_();
    }
    return actual;
  };
  std::vector<int32_t> position(23), place(23);
  TimeOrder order;
  order.sizes = at::tensor(order_by_time(offsets, position.data(), place.data()), at::kLong);
  order.position = at::tensor(position).to(at::kLong);
  order.place = at::tensor(place).to(at::kLong);
  const at::Tensor expected = gru(x, offsets), actual = gru_packed(x, flat, order);
  EXPECT_LT(largest_difference(actual, expected), 1e-12);
  const auto a = gradients(expected), b = gradients(actual);
  for (size_t i = 0; i < a.size(); ++i) EXPECT_LT(largest_difference(a[i], b[i]), 1e-11) << i;
}

TEST(Gru, OrderByTimeTakesTheLongestRowFirst) {
  const auto offsets = offsets_of({2, 3, 1, 3});  // positions 0-1, 2-4, 5, 6-8
  std::vector<int32_t> position(9), place(9);
  const auto sizes = order_by_time(offsets, position.data(), place.data());
  EXPECT_EQ(sizes, (std::vector<int64_t>{4, 3, 2}));
  EXPECT_EQ(position, (std::vector<int32_t>{2, 6, 0, 5, 3, 7, 1, 4, 8}));
  for (int i = 0; i < 9; ++i) EXPECT_EQ(place[position[i]], i);
}

TEST(FastMath, IsAccurate) {
  for (double x = -30; x <= 30; x += 0.0137) {
    const auto f = static_cast<float>(x);
    EXPECT_NEAR(fast_exp(f) / std::exp(static_cast<double>(f)), 1, 3e-7) << x;
    EXPECT_NEAR(fast_tanh(f), std::tanh(static_cast<double>(f)), 3e-7) << x;
    EXPECT_NEAR(fast_sigmoid(f), 1 / (1 + std::exp(-static_cast<double>(f))), 2e-7) << x;
  }
  EXPECT_EQ(fast_sigmoid(-1000), fast_sigmoid(-87));
  EXPECT_EQ(fast_sigmoid(1000), 1);
  EXPECT_TRUE(std::isnan(fast_sigmoid(NAN)));
}

TEST(FastMath, IsDefinedForEveryNumber) {
  // Compilers refuse a constant whose computation is undefined.
  constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  constexpr float kOfNan = fast_exp(kNan), kTanhOfNan = fast_tanh(kNan);
  EXPECT_TRUE(std::isnan(kOfNan));
  EXPECT_TRUE(std::isnan(kTanhOfNan));
  constexpr float kMax = fast_exp(kInfinity), kMin = fast_exp(-kInfinity);
  EXPECT_EQ(kMax, fast_exp(87));
  EXPECT_EQ(kMin, fast_exp(-87));
}

}  // namespace
}  // namespace duovox::testing
