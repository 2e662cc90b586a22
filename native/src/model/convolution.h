// Convolution along packed rows.
#ifndef DUOVOX_MODEL_CONVOLUTION_H
#define DUOVOX_MODEL_CONVOLUTION_H

#include <ATen/ATen.h>

#include "model/packed_rows.h"

namespace duovox {

/// x (N, in), weight (out, in, 3), bias (out) to (N, out): each position sees itself and its
/// neighbors in its row.
at::Tensor convolve_rows(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias,
                         const PackedRows& rows);

}  // namespace duovox

#endif  // DUOVOX_MODEL_CONVOLUTION_H
