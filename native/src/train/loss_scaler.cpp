// See loss_scaler.h.
#include "train/loss_scaler.h"

#include <algorithm>
#include <cmath>

#include "error.h"

namespace duovox {

LossScaler::LossScaler(const duovox_train_config& config, int32_t precision)
    : active_(precision == DUOVOX_FP16),
      scale_(active_ ? config.loss_scale : 1),
      growth_(config.scale_growth),
      backoff_(config.scale_backoff),
      interval_(config.scale_interval) {}

void LossScaler::grow() {
  if (!active_ || ++finite_steps_ < interval_) return;
  scale_ = std::min(scale_ * growth_, kMax);
  finite_steps_ = 0;
}

bool LossScaler::back_off() {
  if (!active_ || scale_ * backoff_ < kMin) return false;
  scale_ *= backoff_;
  finite_steps_ = 0;
  return true;
}

void LossScaler::restore(double scale, double finite_steps) {
  if (active_) {
    require(scale >= kMin && scale <= kMax, "loss_scale[0] = ", scale, ", must be ", kMin, " to ",
            kMax);
    require(finite_steps >= 0 && finite_steps < static_cast<double>(interval_) &&
                finite_steps == std::trunc(finite_steps),
            "loss_scale[1] = ", finite_steps,
            ", must be a whole number from 0 to config.scale_interval - 1 = ", interval_ - 1);
  } else {
    require(scale == 1 && finite_steps == 0, "loss_scale = ", scale, ", ", finite_steps,
            ", must be 1, 0: the model's precision is not DUOVOX_FP16");
  }
  scale_ = scale;
  finite_steps_ = static_cast<int64_t>(finite_steps);
}

}  // namespace duovox
