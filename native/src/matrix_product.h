// Matrix products of float32 on the CPU. libtorch's own go through MKL, which keeps to AVX2 on
// processors other than Intel's; oneDNN's kernels, which libtorch carries too, use AVX-512 wherever
// it is.
#ifndef DUOVOX_MATRIX_PRODUCT_H
#define DUOVOX_MATRIX_PRODUCT_H

#include <ATen/ATen.h>

#include <cstdint>

namespace duovox {

/// Whether oneDNN's kernels are used: where the processor has AVX-512, unless the environment
/// variable DUOVOX_PRODUCTS is "mkl", which leaves every product to libtorch.
bool has_block_products();

/// Returns left (m, k) times right (k, n), plus bias (n) in each row if it is given, as at::mm and
/// at::addmm do. Either may be a transposed view. The result does not depend on the number of
/// threads.
at::Tensor product(const at::Tensor& left, const at::Tensor& right, const at::Tensor& bias = {});

/// Returns x (N, in) times the transpose of weight (out, in), plus bias (out) if it is defined, as
/// at::linear does; differentiable.
at::Tensor linear_map(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias);

}  // namespace duovox

#endif  // DUOVOX_MATRIX_PRODUCT_H
