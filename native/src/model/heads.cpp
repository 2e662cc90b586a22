// Pooling over time for the classification head.
#include "model/heads.h"

#include <limits>

#include "model/config.h"

namespace duovox {
namespace {

at::Tensor pool_channel(const at::Tensor& x, const Inputs& inputs, int32_t pooling) {
  if (pooling == DUOVOX_SEQUENCE_CLS) return x.select(1, 0);
  if (pooling == DUOVOX_SEQUENCE_MEAN) {
    const at::Tensor lengths = inputs.lengths.to(x.scalar_type()).unsqueeze(1);
    return inputs.without_padding(x).sum(1) / lengths;
  }
  if (!inputs.real.defined()) return x.amax(1);
  return x
      .masked_fill(inputs.real.logical_not().unsqueeze(-1),
                   -std::numeric_limits<double>::infinity())
      .amax(1);
}

}  // namespace

ClassificationHead::ClassificationHead(Parameters& p, const std::string& name,
                                       const duovox_model_config& config)
    : pooling_(config.class_pooling),
      output_(p, name + ".output", is_dual(config) ? 2 * config.hidden : config.hidden,
              config.classes) {}

at::Tensor ClassificationHead::pool(const Channels& x, const Inputs& inputs) const {
  const at::Tensor contextual = pool_channel(x.contextual, inputs, pooling_);
  if (!x.phonetic.defined()) return contextual;
  return at::cat({contextual, pool_channel(x.phonetic, inputs, pooling_)}, -1);
}

at::Tensor ClassificationHead::scores(const at::Tensor& pooled, Dropout& dropout) const {
  return output_(dropout(pooled));
}

}  // namespace duovox
