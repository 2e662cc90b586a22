// The basic layers: linear, layer norm, convolution. Their tensors share memory with the model's
// list of parameters.
#ifndef DUOVOX_MODEL_LAYERS_H
#define DUOVOX_MODEL_LAYERS_H

#include <ATen/ATen.h>

#include <cstdint>
#include <string>

#include "matrix_product.h"
#include "model/flops.h"
#include "model/packed_rows.h"
#include "model/parameters.h"

namespace duovox {

/// Converts to float32, in which losses and reductions are computed; float64 stays as it is.
inline at::Tensor at_least_float(const at::Tensor& x) {
  return x.scalar_type() == at::kDouble ? x : x.to(at::kFloat);
}

struct Linear {
  at::Tensor weight;  // (out, in)
  at::Tensor bias;    // (out), or undefined

  Linear(Parameters& p, const std::string& name, int64_t in, int64_t out, bool with_bias = true)
      : weight(p.normal(name + ".weight", {out, in})) {
    if (with_bias) bias = p.zeros(name + ".bias", {out});
  }
  at::Tensor operator()(const at::Tensor& x) const {
    FlopCounter::product(x.size(0), weight.size(0), weight.size(1));
    return linear_map(x, weight, bias);
  }
};

struct LayerNorm {
  at::Tensor weight;  // (width)
  at::Tensor bias;    // (width)
  double epsilon;

  LayerNorm(Parameters& p, const std::string& name, int64_t width, double eps)
      : weight(p.ones(name + ".weight", {width})),
        bias(p.zeros(name + ".bias", {width})),
        epsilon(eps) {}
  at::Tensor operator()(const at::Tensor& x) const {
    return at::layer_norm(x, weight.sizes(), weight, bias, epsilon);
  }
};

/// Convolution along packed rows: x (N, in), weight (out, in, 3), bias (out) to (N, out). Each
/// position sees itself and its neighbors in its row.
at::Tensor convolve_rows(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias,
                         const PackedRows& rows);

/// The same by libtorch's convolution, for each group of rows of one length.
at::Tensor convolve_plainly(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias,
                            const PackedRows& rows);

/// Kernel 3 along each of the packed rows, with zeros beyond their ends.
struct Convolution {
  at::Tensor weight;  // (out, in, 3)
  at::Tensor bias;    // (out)

  Convolution(Parameters& p, const std::string& name, int64_t in, int64_t out)
      : weight(p.normal(name + ".weight", {out, in, 3})), bias(p.zeros(name + ".bias", {out})) {}
  /// x (N, in) to (N, out).
  at::Tensor operator()(const at::Tensor& x, const PackedRows& rows) const {
    FlopCounter::product(x.size(0), weight.size(0), 3 * weight.size(1));
    return convolve_rows(x, weight, bias, rows);
  }
};

}  // namespace duovox

#endif  // DUOVOX_MODEL_LAYERS_H
