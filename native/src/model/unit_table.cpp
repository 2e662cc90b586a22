// See unit_table.h. Further kinds of unit embedding belong here.
#include "model/unit_table.h"

#include <utility>

namespace duovox {

Codebook::Codebook(Parameters& p, const std::string& channel, int64_t codes, int64_t width)
    : values_(p.buffer(channel + ".codebook", {codes, width}, [this] { read_scale(); })),
      standardized_(at::zeros_like(values_)) {}

void Codebook::read_scale() {
  spread_ = !values_.eq(values_[0]).all().item<bool>();
  mean_ = values_.mean(0, true);
  // For equal vectors the difference from the mean would be rounding only.
  scale_ = spread_ ? (values_ - mean_).square().mean().sqrt() : at::zeros({}, values_.options());
  standardized_ = standardize(values_);
}

at::Tensor Codebook::standardize(const at::Tensor& x) const {
  const at::Tensor centered = x - mean_;
  // A constant codebook has no spread: everything is zero.
  return at::where(scale_ > 0, centered / scale_, at::zeros_like(centered));
}

UnitTable::UnitTable(Parameters& p, const std::string& channel, int64_t units, int64_t pad,
                     int64_t width, std::shared_ptr<const Codebook> codebook)
    : free_(p.embedding(channel + ".embedding.unit.weight", {units, width}, pad)),
      pad_(pad),
      codebook_(std::move(codebook)) {
  if (codebook_) {
    projection_.emplace(p, channel + ".embedding.codebook", codebook_->standardized().size(1),
                        width, false);
  }
}

at::Tensor UnitTable::vectors() const {
  if (!codebook_) return free_;
  const at::Tensor mapped = (*projection_)(codebook_->standardized().to(free_.scalar_type()));
  // Special units have no codebook vector.
  return free_ + at::constant_pad_nd(mapped, {0, 0, 0, free_.size(0) - mapped.size(0)});
}

at::Tensor UnitTable::lookup(const at::Tensor& ids) const {
  return at::embedding(vectors(), ids, pad_);
}

}  // namespace duovox
