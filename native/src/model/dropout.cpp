// See dropout.h. One pass over memory forward and one backward; no mask is stored.
#include "model/dropout.h"

#include <ATen/Parallel.h>
#include <torch/csrc/autograd/custom_function.h>

#include <mutex>
#include <optional>

#include "model/narrow.h"
#include "plain.h"
#include "vector_clones.h"

namespace duovox {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

template <class T>
[[gnu::always_inline]] inline void masked(const T* x, const T* residual, T* out, int64_t width,
                                          MaskRow row, int32_t threshold,
                                          typename Wide<T>::type scale) {
  using W = typename Wide<T>::type;
  if (residual == nullptr) {
    for (int64_t j = 0; j < width; ++j) {
      out[j] = narrow_to<T>(keeps(row, j, threshold) ? widen(x[j]) * scale : W{0});
    }
    return;
  }
  for (int64_t j = 0; j < width; ++j) {
    const W kept = keeps(row, j, threshold) ? widen(x[j]) * scale : W{0};
    out[j] = narrow_to<T>(widen(residual[j]) + kept);
  }
}

DUOVOX_VECTOR_CLONES
void mask_row(const float* x, const float* residual, float* out, int64_t width, MaskRow row,
              int32_t threshold, float scale) {
  masked(x, residual, out, width, row, threshold, scale);
}

DUOVOX_VECTOR_CLONES
void mask_row(const c10::BFloat16* x, const c10::BFloat16* residual, c10::BFloat16* out,
              int64_t width, MaskRow row, int32_t threshold, float scale) {
  masked(x, residual, out, width, row, threshold, scale);
}

void mask_row(const c10::Half* x, const c10::Half* residual, c10::Half* out, int64_t width,
              MaskRow row, int32_t threshold, float scale) {
  masked(x, residual, out, width, row, threshold, scale);
}

void mask_row(const double* x, const double* residual, double* out, int64_t width, MaskRow row,
              int32_t threshold, double scale) {
  masked(x, residual, out, width, row, threshold, scale);
}

/// x (N, width) masked, plus residual where it is defined.
at::Tensor mask_rows(const at::Tensor& x, const at::Tensor& residual, const DropoutMask& mask,
                     const at::Tensor& places) {
  const auto* place = places.const_data_ptr<int64_t>();
  const at::Tensor from = x.contiguous();
  const at::Tensor add = residual.defined() ? residual.contiguous() : at::Tensor();
  at::Tensor out = at::empty(from.sizes(), from.options());
  const int64_t width = from.size(1);
  AT_DISPATCH_FLOATING_TYPES_AND2(at::kHalf, at::kBFloat16, from.scalar_type(), "dropout", [&] {
    using W = typename Wide<scalar_t>::type;
    const auto* source = from.const_data_ptr<scalar_t>();
    const auto* added = add.defined() ? add.const_data_ptr<scalar_t>() : nullptr;
    auto* target = out.mutable_data_ptr<scalar_t>();
    at::parallel_for(0, from.size(0), 1 + 32768 / width, [&](int64_t begin, int64_t end) {
      for (int64_t n = begin; n < end; ++n) {
        mask_row(source + n * width, added == nullptr ? nullptr : added + n * width,
                 target + n * width, width, mask.row(static_cast<uint64_t>(place[n])),
                 mask.threshold, static_cast<W>(mask.scale));
      }
    });
  });
  return out;
}

/// Makes the masks of the CPU differentiable for libtorch.
struct Masked : torch::autograd::Function<Masked> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& x,
                            const std::optional<at::Tensor>& residual, const DropoutMask& mask,
                            const at::Tensor& places) {
    save(mask, *context);
    context->saved_data["residual"] = residual.has_value();
    context->saved_data["places"] = places;
    return mask_rows(x, residual.value_or(at::Tensor()), mask, places);
  }

  static variable_list backward(AutogradContext* context, const variable_list& grads) {
    const DropoutMask mask = saved_mask(*context);
    const at::Tensor places = context->saved_data["places"].toTensor();
    const bool residual = context->saved_data["residual"].toBool();
    return {mask_rows(grads[0], {}, mask, places), residual ? grads[0] : at::Tensor(), {}, {}};
  }
};

void seed_default_generator(at::Device device, uint64_t seed) {
  at::Generator generator = at::globalContext().defaultGenerator(device);
  const std::lock_guard<std::mutex> lock(generator.mutex());
  generator.set_current_seed(seed);
}

}  // namespace

void save(const DropoutMask& mask, AutogradContext& context) {
  context.saved_data["key"] = static_cast<int64_t>(mask.key);
  context.saved_data["threshold"] = int64_t{mask.threshold};
  context.saved_data["scale"] = mask.scale;
}

DropoutMask saved_mask(AutogradContext& context) {
  DropoutMask mask;
  mask.key = static_cast<uint64_t>(context.saved_data["key"].toInt());
  mask.threshold = static_cast<int32_t>(context.saved_data["threshold"].toInt());
  mask.scale = context.saved_data["scale"].toDouble();
  return mask;
}

Dropout::Dropout(double probability, uint64_t seed, int64_t step, at::Device device,
                 int64_t first_row)
    : probability_(probability),
      key_(mix64(mix64(seed + kGolden64) ^ (static_cast<uint64_t>(step) * kGolden64))),
      first_row_(first_row) {
  if (active() && !has_kernels(device)) {
    seed_default_generator(device, key_ + static_cast<uint64_t>(first_row));
  }
}

void Dropout::lay_out(const std::vector<int64_t>& offsets) {
  if (!active()) return;
  places_ = at::empty({offsets.back()}, at::kLong);
  auto* next = places_.mutable_data_ptr<int64_t>();
  for (size_t b = 0; b + 1 < offsets.size(); ++b) {
    for (int64_t t = 0; t < offsets[b + 1] - offsets[b]; ++t) {
      *next++ = place(first_row_ + static_cast<int64_t>(b), t);
    }
  }
}

DropoutMask Dropout::next() {
  if (!active()) return {};
  key_ = mix64(key_ + kGolden64);
  return {key_, probability_};
}

at::Tensor Dropout::apply(const at::Tensor& x, const at::Tensor& residual,
                          const at::Tensor& places) {
  if (!has_kernels(x.device())) {
    const at::Tensor y = at::dropout(x, probability_, true);
    return residual.defined() ? residual + y : y;
  }
  TORCH_INTERNAL_ASSERT(places.defined() && places.size(0) == x.size(0));
  return Masked::apply(x, residual.defined() ? std::make_optional(residual) : std::nullopt, next(),
                       places);
}

at::Tensor Dropout::operator()(const at::Tensor& x) { return active() ? apply(x, {}, places_) : x; }

at::Tensor Dropout::add(const at::Tensor& x, const at::Tensor& residual) {
  return active() ? apply(x, residual, places_) : residual + x;
}

at::Tensor Dropout::of_rows(const at::Tensor& x) {
  if (!active()) return x;
  const at::Tensor rows = (at::arange(x.size(0), at::kLong) + first_row_) * place(1, 0);
  return apply(x, {}, rows);
}

}  // namespace duovox
