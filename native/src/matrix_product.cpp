// See matrix_product.h. A product is cut into blocks that fit into a core's caches. Blocks have few
// different sizes, because oneDNN compiles a kernel for each: what is left over at an edge is
// padded to the next multiple of a small number.
#include "matrix_product.h"

#include <ATen/Parallel.h>
#include <ATen/native/CPUBlas.h>
#include <fbgemm/Utils.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>
#include <cstring>
#include <optional>

#include "plain.h"

namespace duovox {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

constexpr int64_t kRows = 64, kColumns = 64, kInner = 512;          // of a block
constexpr int64_t kRowStep = 8, kColumnStep = 16, kInnerStep = 32;  // what edges are padded to
constexpr int64_t kLeast = 1 << 18;      // operations below which a call is not worth its blocks
constexpr int64_t kPerThread = 1 << 21;  // operations that are worth a thread

int64_t blocks(int64_t size, int64_t block) { return (size + block - 1) / block; }

int64_t padded(int64_t size, int64_t step) { return blocks(size, step) * step; }

MatrixView view(const at::Tensor& x) {
  return {x.const_data_ptr<float>(), x.stride(0), x.stride(1)};
}

struct BlockSize {
  int64_t rows, columns, inner;
};

/// Computes out (rows, columns) = left (rows, inner) times right (inner, columns), added to what
/// out holds if add is set, on this thread.
void multiply_block(const BlockSize& size, const float* left, int64_t left_stride,
                    const float* right, int64_t right_stride, float* out, int64_t out_stride,
                    bool add) {
  constexpr bool kPairedRows = false;  // an order that bfloat16 needs
  at::native::cpublas::brgemm(size.rows, size.columns, size.inner, left_stride, right_stride,
                              out_stride, add, left, right, out, kPairedRows);
}

/// Copies the rows x columns elements from (i, j) on to a matrix in row-major order.
void copy_block(const MatrixView& from, int64_t i, int64_t j, int64_t rows, int64_t columns,
                float* to, int64_t stride) {
  if (from.column != 1) {
    fbgemm::transpose_simd<float>(columns, rows, from.at(i, j), from.column, to, stride);
    return;
  }
  for (int64_t r = 0; r < rows; ++r) {
    std::memcpy(to + r * stride, from.at(i + r, j), columns * sizeof(float));
  }
}

/// One product while it is computed.
class Run {
 public:
  Run(const BlockProduct& product, const float* start)
      : p_(product),
        start_(start),
        inner_(padded(p_.k, kInnerStep)),
        copied_from_(first_copied_row()) {}

  int64_t left_memory() const { return (padded(p_.m, kRowStep) - copied_from_) * inner_; }
  int64_t memory() const { return left_memory() + padded(p_.n, kColumnStep) * inner_; }

  void operator()(float* copies) {
    left_copy_ = copies;
    right_copy_ = copies + left_memory();
    const int64_t rows = blocks(p_.m, kRows), columns = blocks(p_.n, kColumns);
    const int64_t in_place = blocks(copied_from_, kRows);
    each(columns, [&](int64_t j) { copy_right(j * kColumns); });
    each(rows - in_place, [&](int64_t i) { copy_left((in_place + i) * kRows); });
    each(rows * columns,
         [&](int64_t task) { block(task / columns * kRows, task % columns * kColumns); });
  }

 private:
  /// The kernel reads the left matrix where it is, unless its rows are not contiguous or an edge
  /// must be padded.
  int64_t first_copied_row() const {
    if (p_.left.column != 1 || inner_ != p_.k) return 0;
    return p_.m % kRowStep == 0 ? p_.m : p_.m / kRows * kRows;
  }

  template <class Work>
  void each(int64_t tasks, const Work& work) const {
    const int64_t threads = std::max<int64_t>(1, 2 * p_.m * p_.n * p_.k / kPerThread);
    at::parallel_for(0, tasks, blocks(tasks, threads), [&](int64_t from, int64_t to) {
      for (int64_t task = from; task < to; ++task) work(task);
    });
  }

  // The copy of the right matrix: for each block of columns (inner_, padded width of the block).
  float* right_at(int64_t column) const { return right_copy_ + column * inner_; }

  // The copy of the left matrix: for each block of inner columns (rows, width of the block).
  float* left_at(int64_t row, int64_t inner) const {
    const int64_t width = std::min(kInner, inner_ - inner);
    return left_copy_ + inner * (padded(p_.m, kRowStep) - copied_from_) +
           (row - copied_from_) * width;
  }

  void copy_right(int64_t column) const {
    const int64_t width = std::min(kColumns, p_.n - column), all = padded(width, kColumnStep);
    float* to = right_at(column);
    copy_block(p_.right, 0, column, p_.k, width, to, all);
    for (int64_t k = 0; all > width && k < p_.k; ++k) {
      std::fill_n(to + k * all + width, all - width, 0.0F);
    }
    std::fill_n(to + p_.k * all, (inner_ - p_.k) * all, 0.0F);
  }

  void copy_left(int64_t row) const {
    const int64_t rows = std::min(kRows, p_.m - row), all = padded(rows, kRowStep);
    for (int64_t inner = 0; inner < inner_; inner += kInner) {
      const int64_t width = std::min(kInner, inner_ - inner),
                    filled = std::min(width, p_.k - inner);
      float* to = left_at(row, inner);
      copy_block(p_.left, row, inner, rows, filled, to, width);
      for (int64_t r = 0; r < all; ++r) {
        const int64_t end = r < rows ? filled : 0;
        std::fill_n(to + r * width + end, width - end, 0.0F);
      }
    }
  }

  /// Computes the block at (row, column) of the result; at an edge by way of a padded copy.
  void block(int64_t row, int64_t column) const {
    const int64_t rows = std::min(kRows, p_.m - row), all = padded(rows, kRowStep);
    const int64_t width = std::min(kColumns, p_.n - column), wide = padded(width, kColumnStep);
    float* out = p_.out + row * p_.stride + column;
    if (rows == all && width == wide) {
      compute(row, column, rows, width, out, p_.stride);
      return;
    }
    float edge[kRows * kColumns] = {};
    if (p_.add) copy_block({out, p_.stride, 1}, 0, 0, rows, width, edge, wide);
    compute(row, column, all, wide, edge, wide);
    copy_block({edge, wide, 1}, 0, 0, rows, width, out, p_.stride);
  }

  void compute(int64_t row, int64_t column, int64_t rows, int64_t width, float* to,
               int64_t stride) const {
    for (int64_t r = 0; start_ != nullptr && r < rows; ++r) {
      std::memcpy(to + r * stride, start_ + column, std::min(width, p_.n - column) * sizeof(float));
    }
    const bool copied = row >= copied_from_;
    for (int64_t inner = 0; inner < inner_; inner += kInner) {
      const int64_t depth = std::min(kInner, inner_ - inner);
      multiply_block({rows, width, depth}, copied ? left_at(row, inner) : p_.left.at(row, inner),
                     copied ? depth : p_.left.row, right_at(column) + inner * width, width, to,
                     stride, inner > 0 || p_.add || start_ != nullptr);
    }
  }

  const BlockProduct& p_;
  const float* start_;
  int64_t inner_;        // k, padded
  int64_t copied_from_;  // row of the left matrix
  float* left_copy_ = nullptr;
  float* right_copy_ = nullptr;
};

bool is_matrix(const at::Tensor& x) {
  if (x.dim() != 2 || x.scalar_type() != at::kFloat || !x.device().is_cpu()) return false;
  const int64_t rows = x.size(0), columns = x.size(1);
  return rows > 0 && columns > 0 &&
         ((x.stride(1) == 1 && x.stride(0) >= columns) ||
          (x.stride(0) == 1 && x.stride(1) >= rows));
}

bool fits(const at::Tensor& left, const at::Tensor& right) {
  return has_block_products() && is_matrix(left) && is_matrix(right) &&
         2 * left.size(0) * left.size(1) * right.size(1) >= kLeast;
}

const float* data_of(const at::Tensor& bias) {
  return bias.defined() ? bias.const_data_ptr<float>() : nullptr;
}

void compute(const at::Tensor& left, const at::Tensor& right, const at::Tensor& bias, bool add,
             at::Tensor& out) {
  const BlockProduct product{left.size(0),  right.size(1),
                             left.size(1),  view(left),
                             view(right),   out.mutable_data_ptr<float>(),
                             out.stride(0), add};
  at::Tensor copies = at::empty({product.memory()}, left.options());
  product.run(copies.mutable_data_ptr<float>(), data_of(bias));
}

at::Tensor computed(const at::Tensor& left, const at::Tensor& right, const at::Tensor& bias) {
  at::Tensor out = at::empty({left.size(0), right.size(1)}, left.options());
  compute(left, right, bias, false, out);
  return out;
}

struct LinearFunction : torch::autograd::Function<LinearFunction> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& x, const at::Tensor& weight,
                            const std::optional<at::Tensor>& bias) {
    context->save_for_backward({x, weight});
    context->saved_data["bias"] = bias.has_value();
    return computed(x, weight.t(), bias ? bias->contiguous() : at::Tensor());
  }

  static variable_list backward(AutogradContext* context, const variable_list& grads) {
    const variable_list saved = context->get_saved_variables();
    const at::Tensor grad = grads[0].contiguous();
    const bool bias = context->saved_data["bias"].toBool();
    return {context->needs_input_grad(0) ? product(grad, saved[1]) : at::Tensor(),
            context->needs_input_grad(1) ? product(grad.t(), saved[0]) : at::Tensor(),
            bias && context->needs_input_grad(2) ? grad.sum(0) : at::Tensor()};
  }
};

/// Whether oneDNN has its kernels: it may have been told to keep to older instructions.
bool block_works() {
  const float one = 1;
  float out = 0;
  try {
    multiply_block({1, 1, 1}, &one, 1, &one, 1, &out, 1, false);
  } catch (const std::exception&) {
    return false;
  }
  return out == 1;
}

}  // namespace

bool has_block_products() {
#if defined(__x86_64__) && defined(CPUBLAS_BRGEMM_F32F32F32)
  static const bool result = [] {
    return !plain_operations() && __builtin_cpu_supports("x86-64-v4") != 0 && block_works();
  }();
  return result;
#else
  return false;
#endif
}

int64_t BlockProduct::memory() const { return Run(*this, nullptr).memory(); }

void BlockProduct::run(float* copies, const float* bias) const { Run(*this, bias)(copies); }

at::Tensor product(const at::Tensor& left, const at::Tensor& right, const at::Tensor& bias) {
  const bool differentiable =
      at::GradMode::is_enabled() &&
      (left.requires_grad() || right.requires_grad() || (bias.defined() && bias.requires_grad()));
  if (!differentiable && fits(left, right)) {
    return computed(left, right, bias.defined() ? bias.contiguous() : bias);
  }
  return bias.defined() ? at::addmm(bias, left, right) : at::mm(left, right);
}

void product_out(const at::Tensor& left, const at::Tensor& right, const at::Tensor& bias, bool add,
                 at::Tensor& out) {
  if (fits(left, right) && is_matrix(out) && out.stride(1) == 1) {
    compute(left, right, bias, add, out);
  } else if (add) {
    at::addmm_out(out, out, left, right);
  } else if (bias.defined()) {
    at::addmm_out(out, bias, left, right);
  } else {
    at::mm_out(out, left, right);
  }
}

at::Tensor linear_map(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias) {
  if (x.dim() != 2 || !fits(x, weight.t())) return at::linear(x, weight, bias);
  return LinearFunction::apply(x, weight, bias.defined() ? std::optional(bias) : std::nullopt);
}

}  // namespace duovox
