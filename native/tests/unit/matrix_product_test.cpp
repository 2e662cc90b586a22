// Products against libtorch's in float64, at sizes around those of a block.
#include "matrix_product.h"

#include <ATen/Parallel.h>
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include <vector>

#include "support.h"

namespace duovox::testing {
namespace {

constexpr double kTolerance = 2e-5;  // for sums of up to 1,100 products of normal numbers

at::Tensor matrix(int64_t rows, int64_t columns, bool transposed) {
  return transposed ? at::randn({columns, rows}).t() : at::randn({rows, columns});
}

void expect_close(const at::Tensor& found, const at::Tensor& exact) {
  const double scale = exact.abs().max().item<double>();
  EXPECT_LE((found.to(at::kDouble) - exact).abs().max().item<double>(), kTolerance * scale);
}

struct Size {
  int64_t m, n, k;
};

const std::vector<Size> kSizes = {{64, 64, 512},   {128, 192, 96}, {63, 65, 100}, {72, 64, 512},
                                  {200, 100, 513}, {1, 700, 300},  {7, 300, 200}, {300, 1, 700},
                                  {65, 129, 1100}, {40, 40, 40},   {2, 2, 2},     {136, 4096, 192}};

TEST(MatrixProduct, IsThatOfFloat64) {
  at::manual_seed(1);
  for (const Size& size : kSizes) {
    for (const bool left : {false, true}) {
      for (const bool right : {false, true}) {
        SCOPED_TRACE(::testing::Message() << size.m << " x " << size.n << " x " << size.k
                                          << " left " << left << " right " << right);
        const at::Tensor a = matrix(size.m, size.k, left), b = matrix(size.k, size.n, right);
        const at::Tensor bias = at::randn({size.n});
        const at::Tensor exact = at::mm(a.to(at::kDouble), b.to(at::kDouble));
        expect_close(product(a, b), exact);
        expect_close(product(a, b, bias), exact + bias);
      }
    }
  }
}

TEST(MatrixProduct, ReadsPartsOfMatrices) {
  at::manual_seed(2);
  const at::Tensor a = at::randn({200, 300}).narrow(1, 20, 96),
                   b = at::randn({96, 400}).narrow(1, 7, 192);
  expect_close(product(a, b), at::mm(a.to(at::kDouble), b.to(at::kDouble)));
  const at::Tensor row = at::randn({1, 96}).expand({200, 96});
  expect_close(product(row, b), at::mm(row.to(at::kDouble), b.to(at::kDouble)));
}

TEST(MatrixProduct, AddsToWhatIsThere) {
  if (!has_block_products()) GTEST_SKIP() << "no AVX-512";
  at::manual_seed(5);
  for (const Size& size : kSizes) {
    const at::Tensor a = at::randn({size.m, size.k}), b = at::randn({size.k, size.n});
    at::Tensor whole = at::randn({size.m, size.n + 9});
    const at::Tensor before = whole.clone();
    const BlockProduct product{size.m,
                               size.n,
                               size.k,
                               {a.const_data_ptr<float>(), size.k, 1},
                               {b.const_data_ptr<float>(), size.n, 1},
                               whole.mutable_data_ptr<float>(),
                               size.n + 9,
                               true};
    std::vector<float> copies(product.memory());
    product.run(copies.data());
    const at::Tensor exact = at::mm(a.to(at::kDouble), b.to(at::kDouble));
    expect_close(whole.narrow(1, 0, size.n), exact + before.narrow(1, 0, size.n));
    EXPECT_TRUE(at::equal(whole.narrow(1, size.n, 9), before.narrow(1, size.n, 9)));
  }
}

TEST(MatrixProduct, DoesNotDependOnThreads) {
  at::manual_seed(3);
  const at::Tensor a = matrix(300, 700, true), b = matrix(700, 200, true);
  const int threads = at::get_num_threads();
  at::set_num_threads(1);
  const at::Tensor one = product(a, b);
  at::set_num_threads(2);
  const at::Tensor two = product(a, b);
  at::set_num_threads(threads);
  EXPECT_TRUE(at::equal(one, two));
}

TEST(MatrixProduct, LinearHasTheGradientsOfLibtorch) {
  at::manual_seed(4);
  for (const bool with_bias : {false, true}) {
    std::vector<at::Tensor> inputs = {at::randn({75, 96}), at::randn({130, 96})};
    if (with_bias) inputs.push_back(at::randn({130}));
    for (at::Tensor& x : inputs) x.requires_grad_();
    const at::Tensor upper = at::randn({75, 130});
    const auto gradients = [&](const auto& map) {
      const at::Tensor bias = with_bias ? inputs[2] : at::Tensor();
      return torch::autograd::grad({map(inputs[0], inputs[1], bias)}, inputs, {upper});
    };
    const auto ours = gradients([](const at::Tensor& x, const at::Tensor& w, const at::Tensor& b) {
      return linear_map(x, w, b);
    });
    const auto theirs = gradients([](const at::Tensor& x, const at::Tensor& w,
                                     const at::Tensor& b) {
      return at::linear(x.to(at::kDouble), w.to(at::kDouble), b.defined() ? b.to(at::kDouble) : b)
          .to(at::kFloat);
    });
    for (size_t i = 0; i < ours.size(); ++i) expect_close(ours[i], theirs[i].to(at::kDouble));
  }
}

TEST(MatrixProduct, LeavesWhatIsDifferentiatedToLibtorch) {
  const at::Tensor a = at::randn({100, 100}).requires_grad_(), b = at::randn({100, 100});
  EXPECT_TRUE(product(a, b).requires_grad());
  const at::Tensor bias = at::randn({100}).requires_grad_();
  EXPECT_TRUE(product(b, b, bias).requires_grad());
  const at::Tensor weight = at::randn({100, 100}).requires_grad_();
  const at::Tensor frozen = linear_map(b, b, {});
  EXPECT_FALSE(frozen.requires_grad());
  EXPECT_TRUE(linear_map(b, weight, {}).requires_grad());
}

}  // namespace
}  // namespace duovox::testing
