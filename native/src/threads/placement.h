// Where the threads of training steps run, and how they wait, while others compete for the
// processors.
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

/// Chooses, while others compete and by what steps cost, between threads spread over all processors
/// and threads gathered on half of them. The threads of a step wait for each other hundreds of
/// times; once others take a processor from one of them, all wait for it, and a few processors that
/// they need not wait for are faster: so that place comes first, and the other one is tried.
/// Nothing here changes a result.
class PlacementChoice {
 public:
  /// Whether the next step runs gathered, with waiting threads that sleep.
  bool gathered() const { return gathered_; }

  /// Takes note of a step; returns whether there have been enough to judge. @param seconds it took
  /// @param work it did, in any unit that its time is in proportion to
  bool observe(double seconds, double work);

  /// Decides where the steps after the observed ones run. @param others how many processors others
  /// used meanwhile
  void judge(double others);

 private:
  /// What the steps since the last judgment cost.
  struct Stay {
    double seconds = 0, work = 0;
    int64_t steps = 0;
  };

  double cost() const { return stay_.seconds / stay_.work; }
  void alone();
  void judge_trial(double others);
  void go(bool gathered) { gathered_ = gathered; }

  bool gathered_ = false;
  bool trying_ = false;           // the present place is on trial against the other
  std::array<double, 2> cost_{};  // seconds of a unit of work, spread and gathered, when last tried
  double tried_at_ = 0;           // processors that others used when last tried; 0: nobody competes
  double until_trial_ = 0;        // seconds of steps before the other place is tried
  double patience_ = kLeastPatience;
  Stay stay_;

  static constexpr double kLeastPatience = 2, kMostPatience = 64;  // seconds
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
  cpu_set_t all_{};   // where the calling thread may run by itself
  cpu_set_t half_{};  // where the threads are gathered
};

}  // namespace duovox

#endif  // DUOVOX_THREADS_PLACEMENT_H
