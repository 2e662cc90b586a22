// Where the threads of training steps run while others compete for the processors.
#ifndef DUOVOX_TRAIN_PLACEMENT_H
#define DUOVOX_TRAIN_PLACEMENT_H

#include <sched.h>

#include <cstdint>
#include <vector>

#include "model/inputs.h"

namespace duovox {

/// Chooses, by what steps cost, between threads spread over all processors and threads gathered on
/// half of them. The threads of a step wait for each other hundreds of times; once others take a
/// processor from one of them, all wait for it, and a few processors that they need not wait for
/// are faster. Nothing here changes a result.
class PlacementChoice {
 public:
  /// Whether the next step runs gathered.
  bool gathered() const { return gathered_; }

  /// Takes note of a step. @param seconds it took @param work it did, in any unit that its time is
  /// in proportion to @param interrupted how often others took a processor from the process
  void observe(double seconds, double work, int64_t interrupted);

 private:
  /// What the steps since the last change cost.
  struct Stay {
    double seconds = 0, work = 0;
    int64_t steps = 0, interrupted = 0;
  };

  bool contended() const;
  void go(bool gathered);

  bool gathered_ = false;
  bool trying_ = false;     // the present place is on trial against the other
  double cost_[2] = {};     // seconds of a unit of work, spread and gathered, when last tried
  double until_trial_ = 0;  // seconds of steps before the other place is tried
  double patience_ = kLeastPatience;
  Stay stay_;

  static constexpr double kLeastPatience = 1, kMostPatience = 8;  // seconds
};

/// Puts the threads of a step where a PlacementChoice says, and leaves the calling thread where it
/// may be by itself between steps.
class Placement {
 public:
  Placement() = default;
  Placement(const Placement&) = delete;
  Placement& operator=(const Placement&) = delete;
  ~Placement();

  /// One step. Does nothing on one thread, on one processor and on other devices than the CPU.
  class Step {
   public:
    Step(Placement& placement, const std::vector<Inputs>& parts);
    Step(const Step&) = delete;
    Step& operator=(const Step&) = delete;
    ~Step();

   private:
    Placement& placement_;
    double work_ = 0, begun_ = 0;
    int64_t interrupted_ = 0;
    bool active_ = false;
  };

 private:
  void put(const cpu_set_t& processors);

  PlacementChoice choice_;
  bool put_gathered_ = false;
  cpu_set_t all_{};  // where the calling thread may run by itself
};

}  // namespace duovox

#endif  // DUOVOX_TRAIN_PLACEMENT_H
