// Counter-based masks (as Salmon et al. 2011): element i of call k depends on (seed, step, k, i)
// and nothing else.
#include "model/dropout.h"

#include <ATen/Parallel.h>

#include <array>
#include <cmath>
#include <mutex>

#include "random.h"

namespace duovox {
namespace {

constexpr int64_t kPerHash = 4;  // a 64-bit hash decides four elements, 16 bits each

/// mask[i] = scale with the probability (65536 - dropped) / 65536, else 0.
template <class T>
void fill_mask(T* mask, int64_t count, uint64_t key, uint32_t dropped, T scale) {
  const int64_t hashes = (count + kPerHash - 1) / kPerHash;
  at::parallel_for(0, hashes, 8192, [&](int64_t from, int64_t to) {
    for (int64_t h = from; h < to; ++h) {
      const uint64_t bits = mix64(key + kGolden64 * static_cast<uint64_t>(h + 1));
      const int64_t left = std::min(kPerHash, count - h * kPerHash);
      for (int64_t i = 0; i < left; ++i) {
        const auto draw = static_cast<uint32_t>(bits >> (16 * i)) & 0xFFFF;
        mask[h * kPerHash + i] = draw >= dropped ? scale : T{0};
      }
    }
  });
}

at::Tensor cpu_mask(const at::Tensor& x, uint64_t key, double probability) {
  at::Tensor mask = at::empty(x.sizes(), x.options());
  const auto dropped = static_cast<uint32_t>(std::lround(probability * 65536));
  const double scale = 65536.0 / (65536.0 - dropped);
  if (x.scalar_type() == at::kDouble) {
    fill_mask(mask.mutable_data_ptr<double>(), mask.numel(), key, dropped, scale);
  } else {
    fill_mask(mask.mutable_data_ptr<float>(), mask.numel(), key, dropped,
              static_cast<float>(scale));
  }
  return mask;
}

void seed_default_generator(at::Device device, uint64_t seed) {
  at::Generator generator = at::globalContext().defaultGenerator(device);
  const std::lock_guard<std::mutex> lock(generator.mutex());
  generator.set_current_seed(seed);
}

}  // namespace

Dropout::Dropout(double probability, uint64_t seed, int64_t step, at::Device device)
    : probability_(probability),
      key_(mix64(mix64(seed + kGolden64) ^ (static_cast<uint64_t>(step) * kGolden64))) {
  if (active() && !device.is_cpu()) seed_default_generator(device, key_);
}

at::Tensor Dropout::operator()(const at::Tensor& x) {
  if (!active()) return x;
  if (!x.device().is_cpu()) return at::dropout(x, probability_, true);
  key_ = mix64(key_ + kGolden64);
  return x * cpu_mask(x, key_, probability_);
}

}  // namespace duovox
