// See placement.h. A trial costs a step or a few, and each that changes nothing makes the next one
// wait longer.
#include "train/placement.h"

#include <ATen/Parallel.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>

namespace duovox {
namespace {

constexpr double kLeastStay = 0.1;     // seconds of steps that a judgment needs
constexpr int64_t kLeastSteps = 2;     // the first after a change finds cold caches
constexpr double kInterruptions = 20;  // a second, from which others compete
constexpr double kTrialShare = 16;     // a trial is at most this part of the time before it
constexpr double kGain = 0.95;         // of the cost, from which another place is better

double now() {
  const auto time = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration<double>(time).count();
}

/// How often others took a processor from a thread of this process.
int64_t interruptions() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  return used.ru_nivcsw;
}

/// Half of some processors, from one on that depends on the calling thread: several trainings in a
/// process gather in different places.
cpu_set_t half_of(const cpu_set_t& all) {
  std::vector<int> processors;
  for (int i = 0; i < CPU_SETSIZE; ++i) {
    if (CPU_ISSET(i, &all)) processors.push_back(i);
  }
  cpu_set_t half;
  CPU_ZERO(&half);
  for (size_t i = 0; i < (processors.size() + 1) / 2; ++i) {
    CPU_SET(processors[(static_cast<size_t>(gettid()) + i) % processors.size()], &half);
  }
  return half;
}

}  // namespace

void PlacementChoice::observe(double seconds, double work, int64_t interrupted) {
  stay_.seconds += seconds;
  stay_.work += work;
  stay_.interrupted += interrupted;
  if (++stay_.steps < kLeastSteps || stay_.seconds < kLeastStay || stay_.work <= 0) return;
  cost_[gathered_ ? 1 : 0] = stay_.seconds / stay_.work;
  if (trying_) {
    trying_ = false;
    const double here = cost_[gathered_ ? 1 : 0], there = cost_[gathered_ ? 0 : 1];
    const bool better = here < kGain * there;
    patience_ = better ? kLeastPatience : std::min(2 * patience_, kMostPatience);
    until_trial_ = std::max(patience_, kTrialShare * stay_.seconds);
    if (!better) return go(!gathered_);
  } else {
    until_trial_ -= stay_.seconds;
    if (until_trial_ <= 0 && (gathered_ || contended())) {
      trying_ = true;
      return go(!gathered_);
    }
  }
  stay_ = {};
}

bool PlacementChoice::contended() const {
  return static_cast<double>(stay_.interrupted) > kInterruptions * stay_.seconds;
}

void PlacementChoice::go(bool gathered) {
  gathered_ = gathered;
  stay_ = {};
}

Placement::~Placement() {
  if (put_gathered_) put(all_);
}

/// Puts the threads that the calling thread's parallel loops run on.
void Placement::put(const cpu_set_t& processors) {
  at::parallel_for(0, at::get_num_threads(), 1, [&](int64_t, int64_t) {
    sched_setaffinity(0, sizeof(processors), &processors);  // where it fails, nothing is lost
  });
}

Placement::Step::Step(Placement& placement, const std::vector<Inputs>& parts)
    : placement_(placement) {
  for (const Inputs& part : parts) {
    work_ += static_cast<double>(part.units);
    if (!part.ids.device().is_cpu()) return;
  }
  if (at::get_num_threads() < 2) return;
  if (sched_getaffinity(0, sizeof(cpu_set_t), &placement_.all_) != 0) return;
  if (CPU_COUNT(&placement_.all_) < 2) return;
  active_ = true;
  const bool gathered = placement_.choice_.gathered();
  if (gathered != placement_.put_gathered_) {
    placement_.put(gathered ? half_of(placement_.all_) : placement_.all_);
    placement_.put_gathered_ = gathered;
  } else if (gathered) {
    const cpu_set_t half = half_of(placement_.all_);
    sched_setaffinity(0, sizeof(half), &half);
  }
  interrupted_ = interruptions();
  begun_ = now();
}

Placement::Step::~Step() {
  if (!active_) return;
  placement_.choice_.observe(now() - begun_, work_, interruptions() - interrupted_);
  if (placement_.put_gathered_) {
    sched_setaffinity(0, sizeof(placement_.all_), &placement_.all_);
  }
}

}  // namespace duovox
