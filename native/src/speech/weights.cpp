// See weights.h.
#include "speech/weights.h"

#include <numeric>
#include <utility>

#include "error.h"

namespace duovox {

int64_t Weights::Slot::elements() const {
  return std::accumulate(shape.begin(), shape.end(), int64_t{1}, std::multiplies<>());
}

void Weights::declare(const std::string& name, std::vector<int64_t> shape) {
  slots_.push_back({name, std::move(shape), {}});
}

void Weights::declare_linear(const std::string& name, int64_t in, int64_t out) {
  declare(name + ".weight", {out, in});
  declare(name + ".bias", {out});
}

void Weights::declare_norm(const std::string& name, int64_t width) {
  declare(name + ".weight", {width});
  declare(name + ".bias", {width});
}

void Weights::write(size_t index, const float* values) {
  Slot& slot = slots_.at(index);
  require_finite(slot.name.c_str(), values, slot.elements());
  // from_blob takes no const pointer; the values are only read.
  slot.value = at::from_blob(const_cast<float*>(values), slot.shape, at::kFloat).clone();
}

void Weights::require_written() const {
  for (const Slot& slot : slots_) {
    require_state(slot.value.defined(), "tensor ", slot.name, " was not written");
  }
}

at::Tensor Weights::take(const std::string& name) {
  for (Slot& slot : slots_) {
    if (slot.name == name) return std::exchange(slot.value, {}).to(device_);
  }
  throw Error(DUOVOX_INTERNAL, "no tensor named " + name);
}

Affine Affine::take(Weights& weights, const std::string& name) {
  return {weights.take(name + ".weight"), weights.take(name + ".bias")};
}

}  // namespace duovox
