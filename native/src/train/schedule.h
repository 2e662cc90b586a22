// Learning rate of each step: linear warm-up, then linear decay.
#ifndef DUOVOX_TRAIN_SCHEDULE_H
#define DUOVOX_TRAIN_SCHEDULE_H

#include <cstdint>

namespace duovox {

/// Factor of step (1 to steps): step / warmup while warming up, then falling so that it would be 0
/// after the last step. No step has factor 0: none is wasted.
inline double schedule(int64_t step, int64_t warmup, int64_t steps) {
  if (step <= warmup) return static_cast<double>(step) / static_cast<double>(warmup);
  return static_cast<double>(steps - step + 1) / static_cast<double>(steps - warmup);
}

}  // namespace duovox

#endif  // DUOVOX_TRAIN_SCHEDULE_H
