// A bidirectional gated recurrent unit over rows of different lengths, without padding.
#ifndef DUOVOX_MODEL_GRU_H
#define DUOVOX_MODEL_GRU_H

#include <ATen/ATen.h>

#include <cstdint>
#include <string>
#include <vector>

#include "model/packed_rows.h"
#include "model/parameters.h"

namespace duovox {

/// The recurrence of both directions on the CPU: from the input part of the gates (N, 6h), the
/// recurrent weight (2, 3h, h) and bias (2, 3h) to states (N, 2h). Rows follow each other; row b
/// begins at offsets[b] (B + 1). gru_scan() uses the kernel for float32 and otherwise
/// gru_scan_general(), which consists of libtorch operations and takes every type.
at::Tensor gru_scan(const at::Tensor& inputs, const at::Tensor& weight, const at::Tensor& bias,
                    const std::vector<int64_t>& offsets);
at::Tensor gru_scan_general(const at::Tensor& inputs, const at::Tensor& weight,
                            const at::Tensor& bias, const std::vector<int64_t>& offsets);

/// Both directions by libtorch's own GRU over a packed sequence, cuDNN's on CUDA. x (N, in) to
/// states (N, 2h); parameters as at::gru takes them: input weight, recurrent weight and the two
/// biases of each direction. Copies nothing between host and device.
at::Tensor gru_packed(const at::Tensor& x, const std::vector<at::Tensor>& parameters,
                      const TimeOrder& order);

/// Cho et al. 2014, in the form of cuDNN and torch.nn.GRU (gates r, z, n; the reset gate after the
/// recurrent product).
class BidirectionalGru {
 public:
  BidirectionalGru(Parameters& p, const std::string& name, int64_t in, int64_t hidden);

  /// x (N, in) to states (N, 2 hidden) in the type of x, forward direction first. The backward
  /// direction starts at each row's last unit. Computed in the stored type of the parameters.
  /// @param offsets (B + 1) of the rows
  /// @param order of their units; read only where there are no has_kernels()
  at::Tensor operator()(const at::Tensor& x, const std::vector<int64_t>& offsets,
                        const TimeOrder& order = {}) const;

 private:
  struct Direction {
    at::Tensor input_weight, input_bias, hidden_weight, hidden_bias;
    Direction(Parameters& p, const std::string& name, int64_t in, int64_t hidden);
  };

  Direction forward_, backward_;
};

}  // namespace duovox

#endif  // DUOVOX_MODEL_GRU_H
