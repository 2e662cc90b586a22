// Packs all integers of a batch into one host buffer, so that one copy takes them to the device.
#include "model/inputs.h"

#include <numeric>

#include "device.h"
#include "model/batch_reader.h"

namespace duovox {
namespace {

/// One buffer for all of a batch's integers; parts are appended and later cut out of the copy on
/// the device.
class Staging {
 public:
  void append(const Integers& part, at::Tensor& destination) {
    parts_.push_back(
        {static_cast<int64_t>(values_.size()), static_cast<int64_t>(part.size()), &destination});
    values_.insert(values_.end(), part.begin(), part.end());
  }
  at::Tensor move_to(at::Device device) {
    const at::Tensor moved = upload(at::tensor(values_, at::kLong), device);
    for (const Part& part : parts_) *part.destination = moved.narrow(0, part.start, part.size);
    return moved;
  }

 private:
  struct Part {
    int64_t start, size;
    at::Tensor* destination;
  };
  Integers values_;
  std::vector<Part> parts_;
};

/// What the transformer reads, on the host.
struct Sequence {
  Integers ids, position, type, token;
  Integers unit;  // where each phonetic unit is

  Sequence(const duovox_model_config& config, const BatchReader& reader,
           const Integers& phonetic) {
    ids = reader.contextual();
    if (is_joint(config)) {
      join(config, reader, phonetic);
      return;
    }
    for (const int64_t length : reader.lengths()) add_positions(length);
    unit.resize(phonetic.size());
    std::iota(unit.begin(), unit.end(), 0);
  }

 private:
  void add_positions(int64_t count) {
    for (int64_t t = 0; t < count; ++t) position.push_back(t);
  }

  void join(const duovox_model_config& config, const BatchReader& reader,
            const Integers& phonetic) {
    const Integers contextual = std::move(ids);
    ids.clear();
    for (size_t b = 0; b < reader.lengths().size(); ++b) {
      for (int64_t n = reader.offsets()[b]; n < reader.offsets()[b + 1]; ++n) {
        token.push_back(static_cast<int64_t>(ids.size()));
        ids.push_back(contextual[n]);
        type.push_back(0);
      }
      for (int64_t n = reader.phonetic_offsets()[b]; n < reader.phonetic_offsets()[b + 1]; ++n) {
        unit.push_back(static_cast<int64_t>(ids.size()));
        ids.push_back(contextual_units(config) + phonetic[n]);
        type.push_back(1);
      }
      add_positions(reader.lengths()[b] + reader.phonetic_lengths()[b]);
    }
  }
};

Integers lengths_of_sequence(const duovox_model_config& config, const BatchReader& reader) {
  Integers lengths = reader.lengths();
  for (size_t b = 0; is_joint(config) && b < lengths.size(); ++b) {
    lengths[b] += reader.phonetic_lengths()[b];
  }
  return lengths;
}

at::Tensor read_representations(const duovox_model_config& config, const duovox_batch& batch,
                                const BatchReader& reader, int64_t count, at::Device device) {
  require(batch.representations != nullptr,
          "config.mcr_target = ", static_cast<int32_t>(DUOVOX_TARGET_FEATURE),
          " (feature), but the ring was made without representations");
  const int64_t width = config.representation_width;
  // from_blob takes no const pointer; the values are only read.
  float* first = batch.representations + reader.targets_before() * width;
  require_finite("representations", first, count * width);
  return upload(at::from_blob(first, {count, width}, at::kFloat).clone(), device);
}

}  // namespace

at::Tensor Inputs::unpack(const at::Tensor& x) const {
  std::vector<int64_t> sizes = x.sizes().vec();
  sizes[0] = rows * tokens;
  const at::Tensor all = at::zeros(sizes, x.options()).index_copy(0, padded, x);
  return all.unflatten(0, {rows, tokens});
}

std::vector<at::Tensor> Inputs::buffers() const {
  if (!representations.defined()) return {integers};
  return {integers, representations};
}

std::vector<int64_t> Inputs::layout() const {
  std::vector<int64_t> known{rows, tokens, units};
  for (const at::Tensor& part :
       {sequence.first, sequence.last, ids, position, type, token, lengths, first_token, padded,
        phonetic, phonetic_start, phonetic_end, covered, covered_offsets, positions, targets,
        labels}) {
    known.push_back(part.numel());
  }
  known.insert(known.end(), sequence.offsets.begin(), sequence.offsets.end());
  known.insert(known.end(), phonetic_offsets.begin(), phonetic_offsets.end());
  return known;
}

namespace {

/// The units under each token, one token after the other, where the model pools them.
void add_covered(const duovox_model_config& config, const Sequence& sequence,
                 const Integers& starts, const Integers& ends, Integers& covered,
                 Integers& offsets) {
  if (is_dual(config) && config.phonetic_pooling == DUOVOX_GRU_ENDS) return;
  for (size_t n = 0; n < starts.size(); ++n) {
    offsets.push_back(static_cast<int64_t>(covered.size()));
    for (int64_t i = starts[n]; i <= ends[n]; ++i) covered.push_back(sequence.unit[i]);
  }
}

void add_rows(const duovox_model_config& config, const BatchReader& reader, Inputs& inputs,
              Staging& staging) {
  PackedRows& rows = inputs.sequence;
  rows.offsets = offsets_of(lengths_of_sequence(config, reader));
  Integers last(rows.offsets.begin() + 1, rows.offsets.end());
  for (int64_t& end : last) --end;
  staging.append({rows.offsets.begin(), rows.offsets.end() - 1}, rows.first);
  staging.append(last, rows.last);
  staging.append(reader.lengths(), inputs.lengths);
  staging.append({reader.offsets().begin(), reader.offsets().end() - 1}, inputs.first_token);
  staging.append(reader.padded(), inputs.padded);
}

void add_units(const duovox_model_config& config, const BatchReader& reader, Inputs& inputs,
               Staging& staging) {
  inputs.units = reader.offsets().back();
  Integers phonetic, starts, ends, covered, covered_offsets;
  if (has_phonetic(config)) {
    inputs.phonetic_offsets = reader.phonetic_offsets();
    inputs.units += inputs.phonetic_offsets.back();
    phonetic = reader.phonetic();
    reader.ends(starts, ends);
  }
  const Sequence sequence(config, reader, phonetic);
  add_covered(config, sequence, starts, ends, covered, covered_offsets);
  staging.append(sequence.ids, inputs.ids);
  staging.append(sequence.position, inputs.position);
  staging.append(sequence.type, inputs.type);
  staging.append(sequence.token, inputs.token);
  staging.append(phonetic, inputs.phonetic);
  staging.append(starts, inputs.phonetic_start);
  staging.append(ends, inputs.phonetic_end);
  staging.append(covered, inputs.covered);
  staging.append(covered_offsets, inputs.covered_offsets);
}

}  // namespace

Inputs read_batch(const duovox_model_config& config, const duovox_batch& batch,
                  const duovox_batch_shape& shape, Purpose purpose) {
  const BatchReader reader(config, batch, shape);
  const at::Device device = usable_device(config.device);
  Inputs inputs;
  inputs.rows = shape.rows;
  inputs.tokens = shape.tokens;
  Staging staging;
  add_units(config, reader, inputs, staging);
  add_rows(config, reader, inputs, staging);
  const bool reconstruct = purpose == Purpose::kReconstruct;
  Integers positions, targets, labels;
  if (purpose == Purpose::kPretrain || reconstruct) reader.targets(positions, targets);
  if (purpose == Purpose::kClassify) labels = reader.labels();
  staging.append(positions, inputs.positions);
  staging.append(targets, inputs.targets);
  staging.append(labels, inputs.labels);
  inputs.integers = staging.move_to(device);
  if (reconstruct) {
    inputs.representations = read_representations(
        config, batch, reader, static_cast<int64_t>(targets.size()), device);
  }
  return inputs;
}

}  // namespace duovox
