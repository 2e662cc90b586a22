// Dynamic loss scaling for float16 training: keeps small gradients from vanishing and large ones
// finite.
#ifndef DUOVOX_TRAIN_LOSS_SCALER_H
#define DUOVOX_TRAIN_LOSS_SCALER_H

#include <duovox/duovox.h>

#include <cstdint>

namespace duovox {

/// Dynamic loss scaling (Micikevicius et al. 2018): the scale grows after config.scale_interval
/// finite steps in a row and falls after each step that is not finite. Off (scale 1) unless the
/// precision is DUOVOX_FP16.
class LossScaler {
 public:
  static constexpr double kMin = 0x1p-24;  // below it, float16's least positive number vanishes
  static constexpr double kMax = 0x1p32;   // beyond it no gradient of use stays finite

  LossScaler(const duovox_train_config& config, int32_t precision);

  bool active() const { return active_; }
  double scale() const { return scale_; }
  /// Finite steps since the scale last changed.
  int64_t finite_steps() const { return finite_steps_; }

  /// Call after a finite step.
  void grow();
  /// Call after a step that is not finite. @return false, with nothing changed, when the scale
  /// would fall below kMin
  bool back_off();
  /// Restores a saved state. Throws DUOVOX_INVALID_ARGUMENT for values that no scaler of this
  /// configuration can have.
  void restore(double scale, double finite_steps);

 private:
  bool active_;
  double scale_, growth_, backoff_;
  int64_t interval_, finite_steps_ = 0;
};

}  // namespace duovox

#endif  // DUOVOX_TRAIN_LOSS_SCALER_H
