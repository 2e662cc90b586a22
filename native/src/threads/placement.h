// Chooses the processors for the threads of training steps, and how these threads wait, while other
// processes compete.
#ifndef DUOVOX_THREADS_PLACEMENT_H
#define DUOVOX_THREADS_PLACEMENT_H

#include <sched.h>

#include <array>
#include <cstdint>
#include <vector>

#include "model/inputs.h"
#include "threads/competition.h"
#include "threads/short_waits.h"

namespace duovox {

/// Chooses between threads spread over all processors and threads gathered on half of them, by the
/// measured cost of steps. The threads of a step wait for each other hundreds of times: when
/// another process takes a processor from one of them, all wait, and fewer but undisturbed
/// processors are faster. So under competition threads are gathered first, and spreading is tried
/// again from time to time. The choice changes no result.
class PlacementChoice {
 public:
  /// Whether the next step runs gathered; waiting threads then sleep.
  bool gathered() const { return gathered_; }

  /// Records a step; returns whether there are enough steps for judge().
  /// @param seconds the step took @param work amount of it, in any unit proportional to time
  bool observe(double seconds, double work);

  /// Decides where the next steps run. @param others processors used by others meanwhile
  void judge(double others);

 private:
  /// The cost of the steps since the last judgment.
  struct Stay {
    double seconds = 0, work = 0;
    int64_t steps = 0;
  };

  double cost() const { return stay_.seconds / stay_.work; }
  void end_competition();
  void judge_trial(double others);
  void go(bool gathered) { gathered_ = gathered; }

  bool gathered_ = false;
  bool trying_ = false;           // the present placement is on trial against the other
  std::array<double, 2> cost_{};  // last seconds per unit of work, spread and gathered
  double tried_at_ = 0;     // processors that others used at the last trial; 0: no competition
  double until_trial_ = 0;  // seconds of steps before the next trial
  double patience_ = kMinPatience;
  Stay stay_;

  static constexpr double kMinPatience = 2, kMaxPatience = 64;  // seconds
};

/// Moves the threads of steps to where a PlacementChoice says; between steps the calling thread may
/// run where it could before.
class Placement {
 public:
  Placement() = default;
  Placement(const Placement&) = delete;
  Placement& operator=(const Placement&) = delete;
  ~Placement();

  /// Lives as long as one step. Does nothing with one thread or processor, or on another device.
  class Step {
   public:
    Step(Placement& placement, const std::vector<Inputs>& parts);
    Step(const Step&) = delete;
    Step& operator=(const Step&) = delete;
    ~Step();

   private:
    Placement& placement_;
    double work_ = 0, begun_ = 0;
    bool active_ = false;
  };

 private:
  void look_before_first();
  void follow_choice();
  void observe(double seconds, double work);
  void put(const cpu_set_t& processors);

  PlacementChoice choice_;
  Competition competition_;
  ShortWaits waits_;
  bool looked_ = false;  // before the first step
  bool put_gathered_ = false;
  cpu_set_t all_{};   // where the calling thread may run between steps
  cpu_set_t half_{};  // where the threads are gathered
};

}  // namespace duovox

#endif  // DUOVOX_THREADS_PLACEMENT_H
