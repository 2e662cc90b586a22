// See heads.h: pooling over time and scores of the classification head.
#include "model/heads.h"

#include "model/config.h"

namespace duovox {
namespace {

at::Tensor pool_channel(const at::Tensor& x, const Inputs& inputs, int32_t pooling) {
  if (pooling == DUOVOX_SEQUENCE_CLS) return x.index_select(0, inputs.first_token);
  // The last flag skips a check of the lengths, which would wait for the device.
  return at::segment_reduce(at_least_float(x), pooling == DUOVOX_SEQUENCE_MEAN ? "mean" : "max",
                            inputs.lengths, {}, {}, 0, true)
      .to(x.scalar_type());
}

}  // namespace

ClassificationHead::ClassificationHead(Parameters& p, const std::string& name,
                                       const duovox_model_config& config)
    : pooling_(config.class_pooling),
      output_(p, name + ".output", has_phonetic(config) ? 2 * config.hidden : config.hidden,
              config.classes) {}

at::Tensor ClassificationHead::pool(const Channels& x, const Inputs& inputs) const {
  const at::Tensor contextual = pool_channel(x.contextual, inputs, pooling_);
  if (!x.phonetic.defined()) return contextual;
  return at::cat({contextual, pool_channel(x.phonetic, inputs, pooling_)}, -1);
}

at::Tensor ClassificationHead::scores(const at::Tensor& pooled, Dropout& dropout) const {
  return output_(dropout.of_rows(pooled));
}

}  // namespace duovox
