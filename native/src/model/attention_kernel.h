// Attention of packed rows on the CPU, forward and backward, in memory linear in the row length.
#ifndef DUOVOX_MODEL_ATTENTION_KERNEL_H
#define DUOVOX_MODEL_ATTENTION_KERNEL_H

#include <cstdint>

#include "model/dropout_mask.h"
#include "model/narrow.h"

namespace duovox {

/// Rows lie one after the other: row b has the positions offsets[b] to offsets[b + 1] - 1 of N; a
/// position attends to those of its row. width is that of one head.
struct AttentionShape {
  const int64_t* offsets;  // (rows + 1)
  int64_t rows, heads, width;
  int64_t first_row;  // place of row 0 among all rows of the step, for the masks
  DropoutMask mask;   // of the attention probabilities
};

/// @param qkv (N, 3, heads, width)
/// @param[out] out (N, heads, width)
/// @param[out] log_sum (N, heads) log of the sum of the exponentials of a query's scaled scores
template <class T>
void attention_forward(const AttentionShape& shape, const T* qkv, T* out,
                       typename Wide<T>::type* log_sum);

/// @param grad_out (N, heads, width); out and log_sum from attention_forward()
/// @param[out] grad_qkv (N, 3, heads, width)
template <class T>
void attention_backward(const AttentionShape& shape, const T* qkv, const T* out,
                        const typename Wide<T>::type* log_sum, const T* grad_out, T* grad_qkv);

}  // namespace duovox

#endif  // DUOVOX_MODEL_ATTENTION_KERNEL_H
