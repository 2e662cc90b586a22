// See matrix_product.h. A product is cut into blocks that fit into a core's caches. Blocks have few
// different sizes, because oneDNN compiles a kernel for each: what is left over at an edge is
// padded to the next multiple of a small number.
#include "matrix_product.h"

#include <ATen/Parallel.h>
#include <ATen/native/CPUBlas.h>
#include <fbgemm/Utils.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string_view>

namespace duovox {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

constexpr int64_t kRows = 64, kColumns = 64, kInner = 512;  // of a block
constexpr int64_t kRowStep = 8, kInnerStep = 32;            // what edges are padded to
constexpr int64_t kLeast = 1 << 18;      // operations below which a call is not worth its blocks
constexpr int64_t kPerThread = 1 << 21;  // operations that are worth a thread

int64_t blocks(int64_t size, int64_t block) { return (size + block - 1) / block; }

int64_t padded(int64_t size, int64_t step) { return blocks(size, step) * step; }

/// A matrix of float32 whose rows or columns are contiguous.
struct View {
  const float* data;
  int64_t row, column;  // distances of neighbors in a column and in a row; one of them is 1

  explicit View(const at::Tensor& x)
      : data(x.const_data_ptr<float>()), row(x.stride(0)), column(x.stride(1)) {}
  const float* at(int64_t i, int64_t j) const { return data + i * row + j * column; }
};

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
void copy_block(const View& from, int64_t i, int64_t j, int64_t rows, int64_t columns, float* to,
                int64_t stride) {
  if (from.column != 1) {
    fbgemm::transpose_simd<float>(columns, rows, from.at(i, j), from.column, to, stride);
    return;
  }
  for (int64_t r = 0; r < rows; ++r) {
    std::memcpy(to + r * stride, from.at(i + r, j), columns * sizeof(float));
  }
}

/// One product, its sizes and its memory.
class Product {
 public:
  Product(const at::Tensor& left, const at::Tensor& right, const float* start, at::Tensor& out)
      : m_(left.size(0)),
        n_(right.size(1)),
        k_(left.size(1)),
        inner_(padded(k_, kInnerStep)),
        left_(left),
        right_(right),
        start_(start),
        out_(out.mutable_data_ptr<float>()),
        copied_from_(first_copied_row()),
        left_copy_(at::empty({(padded(m_, kRowStep) - copied_from_) * inner_}, out.options())),
        right_copy_(at::empty({n_ * inner_}, out.options())) {}

  void run() {
    const int64_t rows = blocks(m_, kRows), columns = blocks(n_, kColumns);
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
    if (left_.column != 1 || inner_ != k_) return 0;
    return m_ % kRowStep == 0 ? m_ : m_ / kRows * kRows;
  }

  template <class Work>
  void each(int64_t tasks, const Work& work) const {
    const int64_t threads = std::max<int64_t>(1, 2 * m_ * n_ * k_ / kPerThread);
    at::parallel_for(0, tasks, blocks(tasks, threads), [&](int64_t from, int64_t to) {
      for (int64_t task = from; task < to; ++task) work(task);
    });
  }

  // The copy of the right matrix: for each block of columns (inner_, width of the block).
  float* right_at(int64_t column) const {
    return right_copy_.mutable_data_ptr<float>() + column * inner_;
  }
  // The copy of the left matrix: for each block of inner columns (rows, width of the block).
  float* left_at(int64_t row, int64_t inner) const {
    const int64_t width = std::min(kInner, inner_ - inner);
    return left_copy_.mutable_data_ptr<float>() + inner * (padded(m_, kRowStep) - copied_from_) +
           (row - copied_from_) * width;
  }

  void copy_right(int64_t column) const {
    const int64_t width = std::min(kColumns, n_ - column);
    copy_block(right_, 0, column, k_, width, right_at(column), width);
    std::fill_n(right_at(column) + k_ * width, (inner_ - k_) * width, 0.0F);
  }

  void copy_left(int64_t row) const {
    const int64_t rows = std::min(kRows, m_ - row), all = padded(rows, kRowStep);
    for (int64_t inner = 0; inner < inner_; inner += kInner) {
      const int64_t width = std::min(kInner, inner_ - inner), filled = std::min(width, k_ - inner);
      float* to = left_at(row, inner);
      copy_block(left_, row, inner, rows, filled, to, width);
      for (int64_t r = 0; r < all; ++r) {
        const int64_t end = r < rows ? filled : 0;
        std::fill_n(to + r * width + end, width - end, 0.0F);
      }
    }
  }

  /// Computes the block at (row, column) of the result; at the lower edge by way of a padded copy.
  void block(int64_t row, int64_t column) const {
    const int64_t rows = std::min(kRows, m_ - row), width = std::min(kColumns, n_ - column);
    if (rows % kRowStep == 0) {
      compute(row, column, rows, width, out_ + row * n_ + column, n_);
      return;
    }
    float edge[kRows * kColumns];
    compute(row, column, padded(rows, kRowStep), width, edge, width);
    for (int64_t r = 0; r < rows; ++r) {
      std::memcpy(out_ + (row + r) * n_ + column, edge + r * width, width * sizeof(float));
    }
  }

  void compute(int64_t row, int64_t column, int64_t rows, int64_t width, float* to,
               int64_t stride) const {
    for (int64_t r = 0; start_ != nullptr && r < rows; ++r) {
      std::memcpy(to + r * stride, start_ + column, width * sizeof(float));
    }
    const bool copied = row >= copied_from_;
    for (int64_t inner = 0; inner < inner_; inner += kInner) {
      const int64_t depth = std::min(kInner, inner_ - inner);
      multiply_block({rows, width, depth}, copied ? left_at(row, inner) : left_.at(row, inner),
                     copied ? depth : left_.row, right_at(column) + inner * width, width, to,
                     stride, inner > 0 || start_ != nullptr);
    }
  }

  int64_t m_, n_, k_;
  int64_t inner_;  // k, padded
  View left_, right_;
  const float* start_;  // (n) what is added to each row, or null
  float* out_;
  int64_t copied_from_;  // row of the left matrix
  at::Tensor left_copy_, right_copy_;
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

at::Tensor computed(const at::Tensor& left, const at::Tensor& right, const at::Tensor& bias) {
  at::Tensor out = at::empty({left.size(0), right.size(1)}, left.options());
  Product(left, right, bias.defined() ? bias.const_data_ptr<float>() : nullptr, out).run();
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
    const char* wanted = std::getenv("DUOVOX_PRODUCTS");
    const bool mkl = wanted != nullptr && std::string_view(wanted) == "mkl";
    return !mkl && __builtin_cpu_supports("x86-64-v4") != 0 && block_works();
  }();
  return result;
#else
  return false;
#endif
}

at::Tensor product(const at::Tensor& left, const at::Tensor& right, const at::Tensor& bias) {
  const bool differentiable =
      at::GradMode::is_enabled() && (left.requires_grad() || right.requires_grad());
  if (!differentiable && fits(left, right)) {
    return computed(left, right, bias.defined() ? bias.contiguous() : bias);
  }
  return bias.defined() ? at::addmm(bias, left, right) : at::mm(left, right);
}

at::Tensor linear_map(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias) {
  if (x.dim() != 2 || !fits(x, weight.t())) return at::linear(x, weight, bias);
  return LinearFunction::apply(x, weight, bias.defined() ? std::optional(bias) : std::nullopt);
}

}  // namespace duovox
