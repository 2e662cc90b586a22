// The heterogeneous interaction in all its variants.
#include "model/interaction.h"

#include <gtest/gtest.h>

#include <cmath>
#include <tuple>

#include "support.h"

namespace duovox::testing {
namespace {

PackedRows packed(const std::vector<int64_t>& lengths) {
  PackedRows rows;
  rows.offsets = offsets_of(lengths);
  std::vector<int64_t> first(rows.offsets.begin(), rows.offsets.end() - 1), last;
  for (int64_t b = 0; b < rows.rows(); ++b) last.push_back(rows.offsets[b + 1] - 1);
  rows.first = at::tensor(first, at::kLong);
  rows.last = at::tensor(last, at::kLong);
  return rows;
}

at::Tensor exact_gelu(const at::Tensor& x) { return 0.5 * x * (1 + at::erf(x / std::sqrt(2.0))); }

at::Tensor activated(const at::Tensor& x, int32_t activation) {
  if (activation == DUOVOX_ACTIVATION_NONE) return x;
  return activation == DUOVOX_ACTIVATION_TANH ? at::tanh(x) : exact_gelu(x);
}

/// One channel of one row, from the definition.
at::Tensor written_out(const Parameters& parameters, const duovox_model_config& config,
                       const at::Tensor& c, const at::Tensor& f, const std::string& channel) {
  const auto p = [&](const std::string& name) { return parameters.named("i." + name).value; };
  const auto in = [&](const at::Tensor& x, const std::string& name) {
    const at::Tensor y = at::matmul(x, p(name + ".input.weight").t());
    return config.interaction_bias != 0 ? y + p(name + ".input.bias") : y;
  };
  const at::Tensor both = at::cat({in(c, "contextual"), in(f, "phonetic")}, 1);
  const at::Tensor weight = p("convolution.weight");
  at::Tensor mixed = p("convolution.bias").expand({c.size(0), weight.size(0)}).clone();
  for (int64_t t = 0; t < c.size(0); ++t) {
    for (int64_t k = 0; k < 3; ++k) {
      const int64_t from = t + k - 1;
      if (from >= 0 && from < c.size(0)) mixed[t] += at::mv(weight.select(2, k), both[from]);
    }
  }
  at::Tensor out = activated(mixed, config.interaction_activation);
  if (config.interaction_split != 0) {
    out = at::matmul(out, p(channel + ".output.weight").t()) + p(channel + ".output.bias");
    if (config.interaction_activation != DUOVOX_ACTIVATION_NONE) out = exact_gelu(out);
  }
  const at::Tensor sum = (channel == "contextual" ? c : f) + out;
  const at::Tensor centered = sum - sum.mean(1, true);
  return centered / (centered.square().mean(1, true) + 1e-12).sqrt() * p(channel + ".norm.weight") +
         p(channel + ".norm.bias");
}

TEST(Convolution, PlainFormGivesTheSameForwardAndBackward) {
  for (const auto& lengths : std::vector<std::vector<int64_t>>{{1}, {5, 1, 2, 2, 7}, {33}}) {
    const PackedRows rows = packed(lengths);
    const std::vector<at::Tensor> start{at::randn({rows.offsets.back(), 3}, at::kDouble),
                                        at::randn({5, 3, 3}, at::kDouble),
                                        at::randn({5}, at::kDouble)};
    const at::Tensor weights = at::randn({rows.offsets.back(), 5}, at::kDouble);
    std::vector<std::vector<at::Tensor>> results;
    for (const auto& convolve : {convolve_rows, convolve_plainly}) {
      std::vector<at::Tensor> leaves;
      for (const at::Tensor& t : start) leaves.push_back(t.clone().set_requires_grad(true));
      const at::Tensor y = convolve(leaves[0], leaves[1], leaves[2], rows);
      (y * weights).sum().backward();
      results.push_back({y.detach(), leaves[0].grad(), leaves[1].grad(), leaves[2].grad()});
    }
    for (size_t i = 0; i < results[0].size(); ++i) {
      EXPECT_LT(largest_difference(results[0][i], results[1][i]), 1e-11) << i;
    }
  }
}

class InteractionVariants : public ::testing::TestWithParam<std::tuple<int32_t, int32_t, int32_t>> {
 protected:
  duovox_model_config config() const {
    duovox_model_config config = small_config();
    std::tie(config.interaction_activation, config.interaction_split, config.interaction_bias) =
        GetParam();
    return config;
  }
};

TEST_P(InteractionVariants, EqualTheFormulaWrittenOutOnEachRow) {
  Parameters parameters(at::kDouble, 1);
  const Interaction interaction(parameters, "i", config());
  scramble(parameters);
  const PackedRows rows = packed({5, 1, 2, 6});
  const at::Tensor c = at::randn({14, 8}, at::kDouble), f = at::randn({14, 8}, at::kDouble);
  const Channels actual = interaction({c, f}, rows);
  for (int64_t b = 0; b < rows.rows(); ++b) {
    const auto row = [&](const at::Tensor& x) {
      return x.slice(0, rows.offsets[b], rows.offsets[b + 1]);
    };
    const auto expected = [&](const char* channel) {
      return written_out(parameters, config(), row(c), row(f), channel);
    };
    EXPECT_LT(largest_difference(row(actual.contextual), expected("contextual")), 1e-12);
    EXPECT_LT(largest_difference(row(actual.phonetic), expected("phonetic")), 1e-12);
  }
}

TEST_P(InteractionVariants, GradientsEqualFiniteDifferences) {
  Parameters parameters(at::kDouble, 1);
  const Interaction interaction(parameters, "i", config());
  const at::Tensor c = parameters.normal("c", {9, 8}), f = parameters.normal("f", {9, 8});
  scramble(parameters);
  const PackedRows rows = packed({3, 1, 5});
  const at::Tensor weights = at::randn({9, 16}, at::kDouble);
  expect_gradients(parameters.all(), [&] {
    const Channels x = interaction({c, f}, rows);
    return (at::cat({x.contextual, x.phonetic}, 1) * weights).sum();
  });
}

INSTANTIATE_TEST_SUITE_P(All, InteractionVariants,
                         ::testing::Combine(::testing::Values(DUOVOX_ACTIVATION_NONE,
                                                              DUOVOX_ACTIVATION_TANH,
                                                              DUOVOX_ACTIVATION_GELU),
                                            ::testing::Values(0, 1), ::testing::Values(0, 1)));

}  // namespace
}  // namespace duovox::testing
