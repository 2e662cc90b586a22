// The loops over one query's scores that attention is made of.
#ifndef DUOVOX_MODEL_ATTENTION_ROWS_H
#define DUOVOX_MODEL_ATTENTION_ROWS_H

#include <cstdint>

#include "model/dropout_mask.h"

namespace duovox {

/// scores (n) become their exponentials after the maximum is taken away, times the mask (0 or 1);
/// returns the sum before the mask, and the maximum in *maximum.
float exponentials(float* scores, int64_t n, MaskRow row, int32_t threshold, float* maximum);
double exponentials(double* scores, int64_t n, MaskRow row, int32_t threshold, double* maximum);

/// scores (n) become probabilities times mask, grad (n, of the masked probabilities) becomes that
/// of the scores. @param log_sum of the exponentials of the scores @param delta sum of output times
/// its gradient @param scale of what the mask keeps
void score_gradients(float* scores, float* grad, int64_t n, float log_sum, float delta, MaskRow row,
                     int32_t threshold, float scale);
void score_gradients(double* scores, double* grad, int64_t n, double log_sum, double delta,
                     MaskRow row, int32_t threshold, double scale);

}  // namespace duovox

#endif  // DUOVOX_MODEL_ATTENTION_ROWS_H
