// The loss scale of float16 training: large enough that small gradients do not vanish, small enough
// that large ones stay finite.
#ifndef DUOVOX_TRAIN_LOSS_SCALER_H
#define DUOVOX_TRAIN_LOSS_SCALER_H

#include <duovox/duovox.h>

#include <cstdint>

namespace duovox {

/// Dynamic loss scaling (Micikevicius et al. 2018): the scale grows after config.scale_interval
/// finite steps in a row and falls at each one that is not. Off (scale 1) unless the precision is
/// DUOVOX_FP16.
class LossScaler {
 public:
  static constexpr double kLeast = 0x1p-24;    // below it, float16's least positive number vanishes
  static constexpr double kGreatest = 0x1p32;  // beyond it no gradient of use stays finite

  LossScaler(const duovox_train_config& config, int32_t precision);

  bool active() const { return active_; }
  double scale() const { return scale_; }
  /// Finite steps since the scale last changed.
  int64_t finite_steps() const { return finite_steps_; }

  /// A step was finite.
  void grow();
  /// A step was not finite. @return false, with nothing changed, when the scale would fall below
  /// kLeast
  bool back_off();
  /// Goes on from a saved state. Throws DUOVOX_INVALID_ARGUMENT when it cannot be one, whatever the
  /// numbers are.
  void restore(double scale, double finite_steps);

 private:
  bool active_;
  double scale_, growth_, backoff_;
  int64_t interval_, finite_steps_ = 0;
};

}  // namespace duovox

#endif  // DUOVOX_TRAIN_LOSS_SCALER_H
