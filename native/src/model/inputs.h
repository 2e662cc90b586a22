// A batch as the model reads it: checked ids and indices on the model's device.
#ifndef DUOVOX_MODEL_INPUTS_H
#define DUOVOX_MODEL_INPUTS_H

#include <ATen/ATen.h>
#include <duovox/duovox.h>

#include <cstdint>
#include <vector>

namespace duovox {

/// What a batch is read for, and therefore which of its buffers must be right.
enum class Purpose { kEncode, kPretrain, kClassify };

/// B rows of T tokens, N phonetic units in all, M positions with a loss.
struct Inputs {
  int64_t rows = 0;
  int64_t tokens = 0;
  int64_t units = 0;  // tokens and phonetic units read, padding excluded
  std::vector<int64_t>
      row_offsets;        // (B + 1) where each row's phonetic units start and end in phonetic
  at::Tensor contextual;  // (B, T) unit ids, PAD beyond a row's length
  at::Tensor lengths;     // (B)
  at::Tensor real;        // (B, T) bool, true at real tokens; undefined when all are
  at::Tensor phonetic;    // (N) unit ids of all rows, one after the other, no padding
  at::Tensor
      phonetic_start;  // (B * T) first unit of each token as an index into phonetic; 0 at padding
  at::Tensor phonetic_end;  // (B * T) last one
  at::Tensor positions;     // (M) b * T + t of the positions with a loss
  at::Tensor targets;       // (M) their true units
  at::Tensor labels;        // (B)

  /// x (B, T, ...) with zeros at padding.
  at::Tensor without_padding(const at::Tensor& x) const;
};

/// Reads a slot of shape's size. The caller has checked the shape against the slot; every id,
/// index, length and label is checked here, before use. Nothing refers to the slot afterwards.
Inputs read_batch(const duovox_model_config& config, const duovox_batch& batch,
                  const duovox_batch_shape& shape, Purpose purpose);

}  // namespace duovox

#endif  // DUOVOX_MODEL_INPUTS_H
