// See gru_kernel.h. libtorch's GRU is slow on the CPU: it runs a dozen operations per step, and its
// backward pass over a packed sequence is quadratic in the length. Here one call processes four
// rows at a time in plain loops that vectorize.
#include "model/gru_kernel.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <cstring>
#include <vector>

#include "model/fast_math.h"
#include "vector_clones.h"

namespace duovox {
namespace {

constexpr int64_t kRows = 4;      // rows of a task: each weight is loaded once for all of them
constexpr int64_t kColumns = 16;  // columns of a product kept in registers

using Lanes = float __attribute__((vector_size(32)));

int64_t padded(int64_t columns) { return (columns + kColumns - 1) / kColumns * kColumns; }

/// out (kRows, columns) += left (kRows, inner) x right (inner, columns); columns a multiple of
/// kColumns.
DUOVOX_VECTOR_CLONES
void add_product(const float* left, const float* right, float* out, int64_t inner,
                 int64_t columns) {
  for (int64_t c = 0; c < columns; c += kColumns) {
    Lanes sum[kRows][2];
    for (int64_t r = 0; r < kRows; ++r) std::memcpy(sum[r], out + r * columns + c, sizeof(sum[r]));
    for (int64_t k = 0; k < inner; ++k) {
      Lanes w[2];
      std::memcpy(w, right + k * columns + c, sizeof(w));
      for (int64_t r = 0; r < kRows; ++r) {
        sum[r][0] += left[r * inner + k] * w[0];
        sum[r][1] += left[r * inner + k] * w[1];
      }
    }
    for (int64_t r = 0; r < kRows; ++r) std::memcpy(out + r * columns + c, sum[r], sizeof(sum[r]));
  }
}

/// One step of one row: computes gates and state from both parts of the gates and the last state.
DUOVOX_VECTOR_CLONES
void step_forward(int64_t h, const float* input, const float* recurrent, const float* before,
                  float* gates, float* state) {
  for (int64_t j = 0; j < h; ++j) {
    const float r = fast_sigmoid(input[j] + recurrent[j]);
    const float z = fast_sigmoid(input[h + j] + recurrent[h + j]);
    const float n = fast_tanh(input[2 * h + j] + r * recurrent[2 * h + j]);
    gates[j] = r;
    gates[h + j] = z;
    gates[2 * h + j] = n;
    gates[3 * h + j] = recurrent[2 * h + j];
    state[j] = n + z * (before[j] - n);
  }
}

/// Gradients of one step of one row. carry holds the gradient of the state and receives the direct
/// part of the gradient of the last state.
DUOVOX_VECTOR_CLONES
void step_backward(int64_t h, const float* gates, const float* before, float* carry,
                   float* grad_input, float* grad_recurrent) {
  for (int64_t j = 0; j < h; ++j) {
    const float r = gates[j], z = gates[h + j], n = gates[2 * h + j], m = gates[3 * h + j];
    const float grad = carry[j];
    const float dn = grad * (1 - z) * (1 - n * n);
    const float dr = dn * m * r * (1 - r);
    const float dz = grad * (before[j] - n) * z * (1 - z);
    grad_input[j] = grad_recurrent[j] = dr;
    grad_input[h + j] = grad_recurrent[h + j] = dz;
    grad_input[2 * h + j] = dn;
    grad_recurrent[2 * h + j] = dn * r;
    carry[j] = grad * z;
  }
}

/// Up to kRows rows in one direction.
struct Block {
  const GruSizes& sizes;
  int64_t first, count, direction, steps = 0;

  Block(const GruSizes& s, int64_t task)
      : sizes(s),
        first(task / 2 * kRows),
        count(std::min(kRows, s.rows - first)),
        direction(task % 2) {
    for (int64_t r = 0; r < count; ++r) steps = std::max(steps, length(r));
  }
  int64_t length(int64_t r) const {
    return sizes.offsets[first + r + 1] - sizes.offsets[first + r];
  }
  /// Returns the index of step s of row r in (N, 2); only for s < length(r).
  int64_t at(int64_t r, int64_t s) const {
    const int64_t unit = sizes.offsets[first + r] + (direction == 0 ? s : length(r) - 1 - s);
    return unit * 2 + direction;
  }
};

/// Copies weight (2, 3h, h) to (2, h, padded 3h) when transposed, else to (2, 3h, padded h); rows
/// are padded to a multiple of kColumns.
std::vector<float> padded_weight(const float* weight, int64_t h, bool transposed) {
  const int64_t inner = transposed ? h : 3 * h, columns = padded(transposed ? 3 * h : h);
  std::vector<float> result(2 * inner * columns);
  for (int64_t d = 0; d < 2; ++d) {
    for (int64_t g = 0; g < 3 * h; ++g) {
      for (int64_t j = 0; j < h; ++j) {
        const int64_t row = transposed ? j : g, column = transposed ? g : j;
        result[(d * inner + row) * columns + column] = weight[(d * 3 * h + g) * h + j];
      }
    }
  }
  return result;
}

int64_t tasks(const GruSizes& sizes) { return (sizes.rows + kRows - 1) / kRows * 2; }

/// Returns how many tasks are worth a thread of their own: about 50 microseconds of work.
int64_t grain(const GruSizes& sizes) {
  const int64_t units = 2 * (sizes.offsets[sizes.rows] - sizes.offsets[0]);
  const int64_t work = units * sizes.hidden * sizes.hidden * 3 / tasks(sizes);
  return std::max<int64_t>(1, 500'000 / (work + 1));
}

}  // namespace

void gru_forward(const GruSizes& sizes, const float* inputs, const float* weight, const float* bias,
                 float* states, float* previous, float* gates) {
  const int64_t h = sizes.hidden, columns = padded(3 * h);
  const std::vector<float> transposed = padded_weight(weight, h, true);
  at::parallel_for(0, tasks(sizes), grain(sizes), [&](int64_t from, int64_t to) {
    std::vector<float> state(kRows * h), recurrent(kRows * columns);
    for (int64_t task = from; task < to; ++task) {
      const Block block(sizes, task);
      const float* w = transposed.data() + block.direction * h * columns;
      std::fill(state.begin(), state.end(), 0.0F);
      for (int64_t s = 0; s < block.steps; ++s) {
        for (int64_t r = 0; r < kRows; ++r) {
          std::copy_n(bias + block.direction * 3 * h, 3 * h, recurrent.data() + r * columns);
        }
        add_product(state.data(), w, recurrent.data(), h, columns);
        for (int64_t r = 0; r < block.count; ++r) {
          if (s >= block.length(r)) continue;
          const int64_t at = block.at(r, s);
          float* before = previous + at * h;
          std::copy_n(state.data() + r * h, h, before);
          step_forward(h, inputs + at * 3 * h, recurrent.data() + r * columns, before,
                       gates + at * 4 * h, states + at * h);
          std::copy_n(states + at * h, h, state.data() + r * h);
        }
      }
    }
  });
}

void gru_backward(const GruSizes& sizes, const float* grad_states, const float* weight,
                  const float* previous, const float* gates, float* grad_inputs,
                  float* grad_recurrent) {
  const int64_t h = sizes.hidden, columns = padded(h);
  const std::vector<float> straight = padded_weight(weight, h, false);
  at::parallel_for(0, tasks(sizes), grain(sizes), [&](int64_t from, int64_t to) {
    std::vector<float> carry(kRows * columns), grad(kRows * 3 * h);
    for (int64_t task = from; task < to; ++task) {
      const Block block(sizes, task);
      const float* w = straight.data() + block.direction * 3 * h * columns;
      std::fill(carry.begin(), carry.end(), 0.0F);
      std::fill(grad.begin(), grad.end(), 0.0F);
      for (int64_t s = block.steps - 1; s >= 0; --s) {
        for (int64_t r = 0; r < block.count; ++r) {
          if (s >= block.length(r)) continue;
          const int64_t at = block.at(r, s);
          float* row = carry.data() + r * columns;
          for (int64_t j = 0; j < h; ++j) row[j] += grad_states[at * h + j];
          step_backward(h, gates + at * 4 * h, previous + at * h, row, grad_inputs + at * 3 * h,
                        grad_recurrent + at * 3 * h);
          std::copy_n(grad_recurrent + at * 3 * h, 3 * h, grad.data() + r * 3 * h);
        }
        add_product(grad.data(), w, carry.data(), 3 * h, columns);
      }
    }
  });
}

}  // namespace duovox
