// See attention_kernel.h. A task is a block of queries of one row and head; its scores stay in the
// cache between the product that makes them and the one that uses them. This is FlashAttention (Dao
// et al. 2022) without blocks of keys: all scores of a block of queries fit into a cache.
#include "model/attention_kernel.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <c10/core/ScalarType.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <memory>
#include <numeric>
#include <vector>

#include "matrix_product.h"
#include "model/attention_rows.h"

namespace duovox {
namespace {

constexpr int64_t kScores = 256 * 1024;  // of a block of queries
constexpr int64_t kMinQueries = 64, kMaxQueries = 128;

int64_t queries_of_block(int64_t length) {
  const int64_t most = std::clamp(kScores / length, kMinQueries, kMaxQueries);
  const int64_t blocks = (length + most - 1) / most;
  return (length + blocks - 1) / blocks;
}

/// A matrix in row-major order whose rows lie stride elements apart.
template <class W>
struct Matrix {
  W* data;
  int64_t stride;
  W* row(int64_t i) const { return data + i * stride; }
};

/// Returns the matrix (rows, columns) as a tensor, transposed if asked for.
template <class W>
at::Tensor view(const Matrix<const W>& x, int64_t rows, int64_t columns, bool transposed) {
  const at::Tensor plain = at::from_blob(const_cast<W*>(x.data), {rows, columns}, {x.stride, 1},
                                         c10::CppTypeToScalarType<W>::value);
  return transposed ? plain.t() : plain;
}

/// Reusable memory of one thread; grows as needed.
template <class W>
class Scratch {
 public:
  /// Returns memory for size elements; invalidates what the last call returned.
  W* reserve(int64_t size) {
    if (size > size_) values_ = std::make_unique_for_overwrite<W[]>(size);
    size_ = std::max(size, size_);
    return values_.get();
  }

 private:
  std::unique_ptr<W[]> values_;
  int64_t size_ = 0;
};

/// Computes c (m, n) = left * right, on top of what c holds if add is set. A transposed left is
/// stored as (k, m), a transposed right as (n, k). Within a parallel region it uses one thread.
template <class W>
void multiply(const Matrix<const W>& left, bool left_transposed, const Matrix<const W>& right,
              bool right_transposed, int64_t m, int64_t n, int64_t k, bool add, const Matrix<W>& c,
              Scratch<W>& copies) {
  if constexpr (std::is_same_v<W, float>) {
    if (has_block_products()) {
      const auto whole = [](const Matrix<const W>& x, bool transposed) {
        return transposed ? MatrixView{x.data, 1, x.stride} : MatrixView{x.data, x.stride, 1};
      };
      const BlockProduct product{
          m,      n,        k,  whole(left, left_transposed), whole(right, right_transposed),
          c.data, c.stride, add};
      product.run(copies.reserve(product.memory()));
      return;
    }
  }
  const auto stored = [k](const Matrix<const W>& x, bool other, bool k_first, int64_t size) {
    return k_first != other ? view(x, k, size, other) : view(x, size, k, other);
  };
  at::Tensor out = view<W>({c.data, c.stride}, m, n, false);
  at::addmm_out(out, out, stored(left, left_transposed, false, m),
                stored(right, right_transposed, true, n), add ? 1 : 0);
}

template <class W>
Matrix<const W> fixed(const Matrix<W>& x) {
  return {x.data, x.stride};
}

/// Returns count positions of one head, x (count, width) with rows stride apart: in place, or as a
/// wider copy in scratch.
template <class T>
Matrix<const typename Wide<T>::type> operand(const T* x, int64_t stride, int64_t count,
                                             int64_t width,
                                             Scratch<typename Wide<T>::type>& scratch) {
  using W = typename Wide<T>::type;
  if constexpr (std::is_same_v<T, W>) {
    return {x, stride};
  } else {
    W* copy = scratch.reserve(count * width);
    for (int64_t i = 0; i < count; ++i) {
      for (int64_t j = 0; j < width; ++j) copy[i * width + j] = widen(x[i * stride + j]);
    }
    return {copy, width};
  }
}

/// Returns count positions of one head times factor, as a copy in scratch.
template <class T>
Matrix<const typename Wide<T>::type> scaled(const T* x, int64_t stride, int64_t count,
                                            int64_t width, typename Wide<T>::type factor,
                                            Scratch<typename Wide<T>::type>& scratch) {
  auto* copy = scratch.reserve(count * width);
  for (int64_t i = 0; i < count; ++i) {
    for (int64_t j = 0; j < width; ++j) copy[i * width + j] = factor * widen(x[i * stride + j]);
  }
  return {copy, width};
}

/// Returns where to compute a result (count, width) for x: in place, or in scratch until store().
template <class T>
Matrix<typename Wide<T>::type> result(T* x, int64_t stride, int64_t count, int64_t width,
                                      Scratch<typename Wide<T>::type>& scratch) {
  if constexpr (std::is_same_v<T, typename Wide<T>::type>) {
    return {x, stride};
  } else {
    return {scratch.reserve(count * width), width};
  }
}

/// Copies a result() that was computed in scratch to x.
template <class T>
void store(const Matrix<typename Wide<T>::type>& from, T* x, int64_t stride, int64_t count,
           int64_t width) {
  if constexpr (!std::is_same_v<T, typename Wide<T>::type>) {
    for (int64_t i = 0; i < count; ++i) {
      for (int64_t j = 0; j < width; ++j) x[i * stride + j] = narrow_to<T>(from.row(i)[j]);
    }
  }
}

/// Returns a matrix for the scores of m queries and n keys. Rows have one of few lengths, since a
/// kernel is compiled for each.
template <class W>
Matrix<W> scores_of(int64_t m, int64_t n, Scratch<W>& scratch) {
  constexpr int64_t kStep = 64;
  const int64_t stride = (n + kStep - 1) / kStep * kStep;
  return {scratch.reserve(m * stride), stride};
}

/// One row and head, and where its elements are.
struct Task {
  const AttentionShape& shape;
  int64_t row, head;
  int64_t first = shape.offsets[row], length = shape.offsets[row + 1] - first;
  int64_t queries = queries_of_block(length);
  int64_t hidden = shape.heads * shape.width;

  int64_t packed(int64_t part) const {  // of q, k, v in (N, 3, heads, width)
    return first * 3 * hidden + part * hidden + head * shape.width;
  }
  int64_t single() const { return first * hidden + head * shape.width; }  // in (N, heads, width)
  MaskRow mask(int64_t query) const {
    const int64_t at = place(shape.first_row + row, query);
    return shape.mask.row(static_cast<uint64_t>(at) * static_cast<uint64_t>(shape.heads) +
                          static_cast<uint64_t>(head));
  }
};

/// Runs work(memory, task) for every row and head on all threads, the longest rows first. Which
/// thread runs a task does not change its result.
template <class Memory, class Work>
void for_rows_and_heads(const AttentionShape& shape, Work&& work) {
  std::vector<int64_t> order(shape.rows);
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](int64_t a, int64_t b) {
    return shape.offsets[a + 1] - shape.offsets[a] > shape.offsets[b + 1] - shape.offsets[b];
  });
  const int64_t tasks = shape.rows * shape.heads;
  std::atomic<int64_t> next{0};
  const int64_t workers = std::min<int64_t>(at::get_num_threads(), tasks);
  at::parallel_for(0, workers, 1, [&](int64_t, int64_t) {
    const at::AutoDispatchBelowAutograd no_graph;
    Memory memory;
    for (int64_t i = next++; i < tasks; i = next++) {
      work(memory, Task{shape, order[i / shape.heads], i % shape.heads});
    }
  });
}

template <class W>
struct ForwardMemory {
  Scratch<W> scores, query, key, value, out, copies;
};

template <class W>
struct BackwardMemory {
  Scratch<W> scores, grad, query, key, value, out, query_grad, key_grad, value_grad, copies;
};

}  // namespace

template <class T>
void attention_forward(const AttentionShape& shape, const T* qkv, T* out,
                       typename Wide<T>::type* log_sum) {
  using W = typename Wide<T>::type;
  const W scale = 1 / std::sqrt(static_cast<W>(shape.width));
  for_rows_and_heads<ForwardMemory<W>>(shape, [&](ForwardMemory<W>& memory, const Task& task) {
    const int64_t n = task.length, d = shape.width, stride = 3 * task.hidden;
    const auto key = operand(qkv + task.packed(1), stride, n, d, memory.key);
    const auto value = operand(qkv + task.packed(2), stride, n, d, memory.value);
    for (int64_t from = 0; from < n; from += task.queries) {
      const int64_t m = std::min(task.queries, n - from);
      const auto query =
          scaled(qkv + task.packed(0) + from * stride, stride, m, d, scale, memory.query);
      const Matrix<W> scores = scores_of(m, n, memory.scores);
      multiply<W>(query, false, key, true, m, n, d, false, scores, memory.copies);
      T* target = out + task.single() + from * task.hidden;
      const Matrix<W> mixed = result(target, task.hidden, m, d, memory.out);
      std::array<W, kMaxQueries> factor;
      for (int64_t i = 0; i < m; ++i) {
        W maximum = 0;
        const W sum =
            exponentials(scores.row(i), n, task.mask(from + i), shape.mask.threshold, &maximum);
        log_sum[(task.first + from + i) * shape.heads + task.head] = maximum + std::log(sum);
        factor[i] = static_cast<W>(shape.mask.scale) / sum;
      }
      multiply<W>(fixed(scores), false, value, false, m, d, n, false, mixed, memory.copies);
      for (int64_t i = 0; i < m; ++i) {
        for (int64_t j = 0; j < d; ++j) mixed.row(i)[j] *= factor[i];
      }
      store(mixed, target, task.hidden, m, d);
    }
  });
}

template <class T>
void attention_backward(const AttentionShape& shape, const T* qkv, const T* out,
                        const typename Wide<T>::type* log_sum, const T* grad_out, T* grad_qkv) {
  using W = typename Wide<T>::type;
  const W scale = 1 / std::sqrt(static_cast<W>(shape.width));
  for_rows_and_heads<BackwardMemory<W>>(shape, [&](BackwardMemory<W>& memory, const Task& task) {
    const int64_t n = task.length, d = shape.width, h = task.hidden, stride = 3 * h;
    const auto key = operand(qkv + task.packed(1), stride, n, d, memory.key);
    const auto value = operand(qkv + task.packed(2), stride, n, d, memory.value);
    const auto key_grad = result(grad_qkv + task.packed(1), stride, n, d, memory.key_grad);
    const auto value_grad = result(grad_qkv + task.packed(2), stride, n, d, memory.value_grad);
    for (int64_t from = 0; from < n; from += task.queries) {
      const int64_t m = std::min(task.queries, n - from);
      const bool add = from > 0;
      const T* output = out + task.single() + from * h;
      const auto query =
          scaled(qkv + task.packed(0) + from * stride, stride, m, d, scale, memory.query);
      const auto upper = operand(grad_out + task.single() + from * h, h, m, d, memory.out);
      const Matrix<W> scores = scores_of(m, n, memory.scores), grad = scores_of(m, n, memory.grad);
      multiply<W>(query, false, key, true, m, n, d, false, scores, memory.copies);
      multiply<W>(upper, false, value, true, m, n, d, false, grad, memory.copies);
      for (int64_t i = 0; i < m; ++i) {
        W delta = 0;
        for (int64_t j = 0; j < d; ++j) delta += widen(output[i * h + j]) * upper.row(i)[j];
        score_gradients(scores.row(i), grad.row(i), n,
                        log_sum[(task.first + from + i) * shape.heads + task.head], delta,
                        task.mask(from + i), shape.mask.threshold,
                        static_cast<W>(shape.mask.scale));
      }
      multiply<W>(fixed(scores), true, upper, false, n, d, m, add, value_grad, memory.copies);
      multiply<W>(fixed(grad), true, query, false, n, d, m, add, key_grad, memory.copies);
      T* target = grad_qkv + task.packed(0) + from * stride;
      const auto query_grad = result(target, stride, m, d, memory.query_grad);
      multiply<W>(fixed(grad), false, key, false, m, d, n, false, query_grad, memory.copies);
      for (int64_t i = 0; i < m; ++i) {
        for (int64_t j = 0; j < d; ++j) query_grad.row(i)[j] *= scale;
      }
      store(query_grad, target, stride, m, d);
    }
    store(key_grad, grad_qkv + task.packed(1), stride, n, d);
    store(value_grad, grad_qkv + task.packed(2), stride, n, d);
  });
}

#define DUOVOX_INSTANTIATE(T)                                                              \
  template void attention_forward<T>(const AttentionShape&, const T*, T*, Wide<T>::type*); \
  template void attention_backward<T>(const AttentionShape&, const T*, const T*,           \
                                      const Wide<T>::type*, const T*, T*);
DUOVOX_INSTANTIATE(float)
DUOVOX_INSTANTIATE(double)
DUOVOX_INSTANTIATE(c10::BFloat16)
DUOVOX_INSTANTIATE(c10::Half)
#undef DUOVOX_INSTANTIATE

}  // namespace duovox
