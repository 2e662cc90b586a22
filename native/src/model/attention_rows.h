// The loops of attention over the scores of one query.
#ifndef DUOVOX_MODEL_ATTENTION_ROWS_H
#define DUOVOX_MODEL_ATTENTION_ROWS_H

#include <cstdint>

#include "model/dropout_mask.h"

namespace duovox {

/// Replaces scores (n) by exp(score - maximum) times the mask (0 or 1). Returns the sum before the
/// mask, and the maximum in *maximum.
float exponentials(float* scores, int64_t n, MaskRow row, int32_t threshold, float* maximum);
double exponentials(double* scores, int64_t n, MaskRow row, int32_t threshold, double* maximum);

/// Replaces scores (n) by probabilities times mask, and grad (n), the gradient of the masked
/// probabilities, by the gradient of the scores.
/// @param log_sum logarithm of the sum of the exponentials of the scores
/// @param delta sum over the output times its gradient
/// @param scale of the elements that the mask keeps
void score_gradients(float* scores, float* grad, int64_t n, float log_sum, float delta, MaskRow row,
                     int32_t threshold, float scale);
void score_gradients(double* scores, double* grad, int64_t n, double log_sum, double delta,
                     MaskRow row, int32_t threshold, double scale);

}  // namespace duovox

#endif  // DUOVOX_MODEL_ATTENTION_ROWS_H
