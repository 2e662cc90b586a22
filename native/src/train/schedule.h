// The learning-rate schedule: linear warm-up, then linear decay.
#ifndef DUOVOX_TRAIN_SCHEDULE_H
#define DUOVOX_TRAIN_SCHEDULE_H

#include <cstdint>

namespace duovox {

/// Returns the factor of the learning rate at step (1 to steps): step / warmup while warming up,
/// then falling to what would be 0 one step after the last, so that no step is wasted.
inline double schedule(int64_t step, int64_t warmup, int64_t steps) {
  if (step <= warmup) return static_cast<double>(step) / static_cast<double>(warmup);
  return static_cast<double>(steps - step + 1) / static_cast<double>(steps - warmup);
}

}  // namespace duovox

#endif  // DUOVOX_TRAIN_SCHEDULE_H
