// The recurrence of a bidirectional GRU on the CPU, forward and backward, over rows of different
// lengths.
#ifndef DUOVOX_MODEL_GRU_KERNEL_H
#define DUOVOX_MODEL_GRU_KERNEL_H

#include <cstdint>

namespace duovox {

/// Rows lie one after the other: row b has the units offsets[b] to offsets[b + 1] - 1 of N.
/// Direction 0 reads a row from its start, direction 1 from its end; gates are in the order r, z,
/// n. All pointers are to float32, row-major.
struct GruSizes {
  const int64_t* offsets;  // (rows + 1)
  int64_t rows;
  int64_t hidden;  // h
};

/// @param inputs (N, 2, 3h) input part of the gates, bias included
/// @param weight (2, 3h, h) of the recurrent part
/// @param bias (2, 3h) of the recurrent part
/// @param[out] states (N, 2, h)
/// @param[out] previous (N, 2, h) the state before each step
/// @param[out] gates (N, 2, 4h): r, z, n, recurrent part of n
void gru_forward(const GruSizes& sizes, const float* inputs, const float* weight, const float* bias,
                 float* states, float* previous, float* gates);

/// @param grad_states (N, 2, h); previous and gates from gru_forward()
/// @param[out] grad_inputs (N, 2, 3h)
/// @param[out] grad_recurrent (N, 2, 3h), gradient of the recurrent part of the gates
void gru_backward(const GruSizes& sizes, const float* grad_states, const float* weight,
                  const float* previous, const float* gates, float* grad_inputs,
                  float* grad_recurrent);

}  // namespace duovox

#endif  // DUOVOX_MODEL_GRU_KERNEL_H
