// Matrix products of float32 on the CPU. libtorch's own go through MKL, which keeps to AVX2 on
// processors other than Intel's; oneDNN's kernels, which libtorch carries too, use AVX-512 wherever
// it is.
#ifndef DUOVOX_MATRIX_PRODUCT_H
#define DUOVOX_MATRIX_PRODUCT_H

#include <ATen/ATen.h>

#include <cstdint>

namespace duovox {

/// Whether oneDNN's kernels are used: where the processor has AVX-512, but not with
/// plain_operations().
bool has_block_products();

/// Returns left (m, k) times right (k, n), plus bias (n) in each row if it is given, as at::mm and
/// at::addmm do. Either may be a transposed view. The result does not depend on the number of
/// threads.
at::Tensor product(const at::Tensor& left, const at::Tensor& right, const at::Tensor& bias = {});

/// Writes left (m, k) times right (k, n) to out (m, n), plus bias (n) in each row if it is defined,
/// or on top of what out holds if add is set. Not differentiable.
void product_out(const at::Tensor& left, const at::Tensor& right, const at::Tensor& bias, bool add,
                 at::Tensor& out);

/// Returns x (N, in) times the transpose of weight (out, in), plus bias (out) if it is defined, as
/// at::linear does; differentiable.
at::Tensor linear_map(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias);

/// A matrix in memory: element (i, j) lies at data[i * row + j * column]; one of the two is 1.
struct MatrixView {
  const float* data;
  int64_t row, column;

  const float* at(int64_t i, int64_t j) const { return data + i * row + j * column; }
};

/// out (m, n), whose rows lie stride apart, = left (m, k) times right (k, n), on top of what out
/// holds if add is set. Within a parallel region it runs on the thread that calls it.
struct BlockProduct {
  int64_t m, n, k;
  MatrixView left, right;
  float* out;
  int64_t stride;
  bool add;

  /// Returns how many numbers run() needs for copies.
  int64_t memory() const;

  /// Computes it; only with has_block_products().
  /// @param bias (n) what is added to each row, or null; not together with add
  void run(float* copies, const float* bias = nullptr) const;
};

}  // namespace duovox

#endif  // DUOVOX_MATRIX_PRODUCT_H
