// See inputs.h. Packs all integers of a batch into one host block while they are checked, so that
// one copy moves them to the device.
#include "model/inputs.h"

#include <algorithm>
#include <limits>

#include "device.h"
#include "error.h"
#include "model/batch_reader.h"
#include "plain.h"

namespace duovox {
namespace {

/// One block of int32 on the host, pinned for CUDA, whose parts become int64 tensors on the device:
/// half the bytes to copy, and the index type that all libtorch operations take.
class Packing {
 public:
  Packing(int64_t capacity, at::Device device)
      : device_(device), block_(host_block(capacity, at::kInt, device)) {}

  /// Returns room for the next count integers; fill it before upload().
  int32_t* add(int64_t count, at::Tensor& destination) {
    int32_t* room = rest();
    parts_.push_back({used_, count, &destination});
    used_ += count;
    TORCH_INTERNAL_ASSERT(used_ <= block_.numel());
    return room;
  }
  /// Returns the room that is left.
  int32_t* rest() { return block_.mutable_data_ptr<int32_t>() + used_; }

  /// Copies the block and sets every destination. @return the tensor that they are views of
  at::Tensor upload() {
    const at::Tensor all =
        duovox::upload(block_.narrow(0, 0, used_), device_).to(at::kLong);  // widened on the device
    for (const Part& part : parts_) *part.destination = all.narrow(0, part.start, part.size);
    return all;
  }

 private:
  struct Part {
    int64_t start, size;
    at::Tensor* destination;
  };
  at::Device device_;
  at::Tensor block_;
  int64_t used_ = 0;
  std::vector<Part> parts_;
};

/// Reads one batch into inputs.
class Packer {
 public:
  Packer(const duovox_model_config& config, const BatchReader& reader, Inputs& inputs)
      : config_(config),
        reader_(reader),
        inputs_(inputs),
        device_(usable_device(config.device)),
        packing_(capacity(), device_) {}

  void pack(Purpose purpose) {
    inputs_.units = reader_.tokens() + reader_.units();
    add_rows();
    add_sequence();
    if (has_phonetic(config_)) add_phonetic();
    if (purpose == Purpose::kPretrain || purpose == Purpose::kReconstruct) add_targets();
    if (purpose == Purpose::kClassify) {
      reader_.labels(packing_.add(reader_.rows(), inputs_.labels));
    }
    inputs_.integers = packing_.upload();
    for (at::Tensor* part :
         {&inputs_.phonetic, &inputs_.phonetic_start, &inputs_.phonetic_end, &inputs_.covered,
          &inputs_.covered_offsets, &inputs_.positions, &inputs_.targets, &inputs_.labels}) {
      if (!part->defined()) *part = inputs_.integers.narrow(0, 0, 0);
    }
  }

 private:
  /// An upper bound of the integers: at most three values for each position of the sequence, six
  /// for each token, three for each phonetic unit and five for each row.
  int64_t capacity() const {
    const int64_t n = reader_.tokens(), u = reader_.units();
    return 3 * (n + u) + 6 * n + 3 * u + 5 * reader_.rows();
  }

  bool reads_ends_by_gru() const {
    return is_dual(config_) && config_.phonetic_pooling == DUOVOX_GRU_ENDS;
  }

  void add_rows() {
    PackedRows& rows = inputs_.sequence;
    const int64_t b = reader_.rows();
    int32_t* lengths = packing_.add(b, inputs_.lengths);
    int32_t* first_token = packing_.add(b, inputs_.first_token);
    int32_t* first = packing_.add(b, rows.first);
    int32_t* last = packing_.add(b, rows.last);
    int32_t* padded = packing_.add(reader_.tokens(), inputs_.padded);
    for (int64_t row = 0; row < b; ++row) {
      const int64_t length = reader_.length(row);
      rows.offsets.push_back(rows.offsets.back() + length +
                             (is_joint(config_) ? reader_.phonetic_length(row) : 0));
      lengths[row] = narrow(length);
      first_token[row] = narrow(reader_.offsets()[row]);
      first[row] = narrow(rows.offsets[row]);
      last[row] = narrow(rows.offsets[row + 1] - 1);
      for (int64_t t = 0; t < length; ++t) *padded++ = narrow(row * inputs_.tokens + t);
    }
  }

  /// Adds the sequence that the transformer reads.
  void add_sequence() {
    const bool joint = is_joint(config_);
    const std::vector<int64_t>& offsets = inputs_.sequence.offsets;
    int32_t* ids = packing_.add(offsets.back(), inputs_.ids);
    int32_t* position = packing_.add(offsets.back(), inputs_.position);
    int32_t* type = packing_.add(joint ? offsets.back() : 0, inputs_.type);
    int32_t* token = packing_.add(joint ? reader_.tokens() : 0, inputs_.token);
    for (int64_t row = 0; row < reader_.rows(); ++row) {
      const int64_t begin = offsets[row], length = reader_.length(row);
      for (int64_t i = begin; i < offsets[row + 1]; ++i) position[i] = narrow(i - begin);
      reader_.contextual(row, ids + begin);
      if (!joint) continue;
      reader_.phonetic(row, contextual_units(config_), ids + begin + length);
      for (int64_t t = 0; t < length; ++t) *token++ = narrow(begin + t);
      std::fill(type + begin, type + begin + length, 0);
      std::fill(type + begin + length, type + offsets[row + 1], 1);
    }
  }

  void add_phonetic() {
    inputs_.phonetic_offsets = reader_.phonetic_offsets();
    int32_t* ids = packing_.add(reader_.units(), inputs_.phonetic);
    for (int64_t row = 0; row < reader_.rows(); ++row) {
      reader_.phonetic(row, 0, ids + inputs_.phonetic_offsets[row]);
    }
    int32_t* starts = packing_.add(reader_.tokens(), inputs_.phonetic_start);
    int32_t* ends = packing_.add(reader_.tokens(), inputs_.phonetic_end);
    reader_.ends(starts, ends);
    if (!reads_ends_by_gru()) return add_covered(starts, ends);
    if (has_kernels(device_)) return;  // they need no order by time
    int32_t* position = packing_.add(reader_.units(), inputs_.by_time.position);
    int32_t* place = packing_.add(reader_.units(), inputs_.by_time.place);
    inputs_.by_time.sizes =
        at::tensor(order_by_time(inputs_.phonetic_offsets, position, place), at::kLong);
  }

  /// Adds the units under each token, in a block of their own: their number is known only now.
  void add_covered(const int32_t* starts, const int32_t* ends) {
    const int64_t tokens = reader_.tokens();
    int64_t count = 0;
    for (int64_t n = 0; n < tokens; ++n) count += ends[n] - starts[n] + 1;
    constexpr int64_t kMax = std::numeric_limits<int32_t>::max();
    require(count <= kMax, "phonetic_start, phonetic_end: ", count,
            " phonetic units under all tokens together, must be at most ", kMax);
    Packing packing(count + tokens, device_);
    int32_t* covered = packing.add(count, inputs_.covered);
    int32_t* offsets = packing.add(tokens, inputs_.covered_offsets);
    int64_t n = 0, next = 0;
    for (int64_t row = 0; row < reader_.rows(); ++row) {
      // From an index into phonetic to one into the sequence; there units follow the row's tokens.
      const int64_t shift =
          is_joint(config_)
              ? inputs_.sequence.offsets[row] + reader_.length(row) - inputs_.phonetic_offsets[row]
              : 0;
      for (; n < reader_.offsets()[row + 1]; ++n) {
        offsets[n] = narrow(next);
        for (int64_t i = starts[n]; i <= ends[n]; ++i) covered[next++] = narrow(shift + i);
      }
    }
    inputs_.covered_integers = packing.upload();
  }

  void add_targets() {
    int32_t* positions = packing_.rest();
    int32_t* targets = positions + reader_.tokens();
    const int64_t count = reader_.targets(positions, targets);
    packing_.add(count, inputs_.positions);
    std::copy_n(targets, count, packing_.add(count, inputs_.targets));  // moves them down
  }

  static int32_t narrow(int64_t value) { return static_cast<int32_t>(value); }

  const duovox_model_config& config_;
  const BatchReader& reader_;
  Inputs& inputs_;
  at::Device device_;
  Packing packing_;
};

/// Adds the representations of the rows as a view of the slot.
void add_representations(const duovox_model_config& config, const duovox_batch& batch,
                         const BatchReader& reader, Inputs& inputs) {
  require(batch.representations != nullptr,
          "config.mcr_target = ", static_cast<int32_t>(DUOVOX_TARGET_FEATURE),
          " (feature), but the ring was made without representations");
  const int64_t count = inputs.positions.size(0), width = config.representation_width;
  // from_blob takes no const pointer; the values are only read.
  float* first = batch.representations + reader.targets_before() * width;
  require_finite("representations", first, count * width);
  inputs.slot = std::make_shared<const LentMemory>(at::from_blob(first, {count, width}, at::kFloat),
                                                   usable_device(config.device));
  inputs.representations = inputs.slot->on_device();
}

}  // namespace

at::Tensor Inputs::unpack(const at::Tensor& x) const {
  std::vector<int64_t> sizes = x.sizes().vec();
  sizes[0] = rows * tokens;
  const at::Tensor all = at::zeros(sizes, x.options()).index_copy(0, padded, x);
  return all.unflatten(0, {rows, tokens});
}

std::vector<at::Tensor> Inputs::buffers() const {
  std::vector<at::Tensor> all{integers};
  if (covered_integers.defined()) all.push_back(covered_integers);
  if (representations.defined()) all.push_back(representations);
  return all;
}

std::vector<int64_t> Inputs::layout() const {
  std::vector<int64_t> known{rows, tokens, units};
  for (const at::Tensor& part : {sequence.first, sequence.last, ids, position, type, token, lengths,
                                 first_token, padded, phonetic, phonetic_start, phonetic_end,
                                 covered, covered_offsets, positions, targets, labels}) {
    known.push_back(part.numel());
  }
  known.insert(known.end(), sequence.offsets.begin(), sequence.offsets.end());
  known.insert(known.end(), phonetic_offsets.begin(), phonetic_offsets.end());
  return known;
}

Inputs read_batch(const duovox_model_config& config, const duovox_batch& batch,
                  const duovox_batch_shape& shape, Purpose purpose) {
  const BatchReader reader(config, batch, shape);
  Inputs inputs;
  inputs.rows = shape.rows;
  inputs.tokens = shape.tokens;
  Packer(config, reader, inputs).pack(purpose);
  if (purpose == Purpose::kReconstruct) add_representations(config, batch, reader, inputs);
  return inputs;
}

}  // namespace duovox
