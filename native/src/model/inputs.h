// A batch as the model reads it: checked ids and indices on the model's device, without padding.
#ifndef DUOVOX_MODEL_INPUTS_H
#define DUOVOX_MODEL_INPUTS_H

#include <ATen/ATen.h>
#include <duovox/duovox.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "device.h"
#include "model/packed_rows.h"

namespace duovox {

/// What a batch is read for; decides which of its buffers are read and checked. kReconstruct is
/// kPretrain with the batch's own representations as targets.
enum class Purpose { kEncode, kPretrain, kReconstruct, kClassify };

/// B rows of at most T tokens, N tokens and U phonetic units in all, M positions with a loss. The
/// transformer's sequence (S positions) is the N tokens; in a joint model each row's phonetic units
/// follow its tokens.
struct Inputs {
  int64_t rows = 0;
  int64_t tokens = 0;
  int64_t units = 0;  // tokens and phonetic units read

  PackedRows sequence;
  at::Tensor ids;       // (S) contextual unit ids; those of phonetic units come after them
  at::Tensor position;  // (S) in its row
  at::Tensor type;      // (S) 0 contextual, 1 phonetic; empty but in a joint model
  at::Tensor token;     // (N) where the tokens are in the sequence; empty but in a joint model

  at::Tensor lengths;      // (B) tokens of each row
  at::Tensor first_token;  // (B) of the N
  at::Tensor padded;       // (N) b * T + t of each token

  std::vector<int64_t> phonetic_offsets;  // (B + 1) where each row's units are in phonetic
  TimeOrder by_time;                      // of these rows; undefined on the CPU and without a GRU
  at::Tensor phonetic;                    // (U) unit ids
  at::Tensor phonetic_start;              // (N) first unit of each token as an index into phonetic
  at::Tensor phonetic_end;                // (N) last one
  at::Tensor covered;          // units under each token, one token after the other, as indices into
                               // phonetic, in a joint model into the sequence; empty with GRU ends
  at::Tensor covered_offsets;  // (N) where each token's begin in covered

  at::Tensor positions;  // (M) which of the N tokens have a loss
  at::Tensor targets;    // (M) their true units
  // (M, R) float32, with kReconstruct; on the CPU this is the slot's own memory
  at::Tensor representations;
  at::Tensor labels;  // (B)

  // The blocks that the integer tensors above are views of: covered and covered_offsets of the
  // second one, which may be undefined, all others of the first.
  at::Tensor integers, covered_integers;
  std::shared_ptr<const LentMemory> slot;  // while a device copies from the slot

  /// Returns the tensors that hold all contents of this batch on the device.
  std::vector<at::Tensor> buffers() const;
  /// Returns everything the host knows of the batch: two batches of the same layout differ only in
  /// the contents of buffers().
  std::vector<int64_t> layout() const;

  /// Unpacks x (N, ...) to (B, T, ...), with zeros at padding.
  at::Tensor unpack(const at::Tensor& x) const;
};

/// Reads the rows of a slot that shape names. The caller has checked the shape against the slot;
/// every id, index, length, label and representation is checked here, before use. Integers are
/// copied while they are checked. Representations, which are many more bytes, are not copied on the
/// CPU: the result must be destroyed before the slot is filled again.
Inputs read_batch(const duovox_model_config& config, const duovox_batch& batch,
                  const duovox_batch_shape& shape, Purpose purpose);

}  // namespace duovox

#endif  // DUOVOX_MODEL_INPUTS_H
