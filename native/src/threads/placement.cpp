// See placement.h. A trial costs a step or a few, and each that changes nothing makes the next one
// wait longer.
#include "threads/placement.h"

#include <ATen/Parallel.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>

namespace duovox {
namespace {

constexpr double kLeastStay = 0.5;   // seconds of steps that a judgment needs
constexpr double kLeastTrial = 0.1;  // seconds of a trial that is by far worse
constexpr int64_t kLeastSteps = 2;   // the first after a change finds cold caches
constexpr double kCompeting = 0.3;   // processors that others use, from which they compete
constexpr double kTrialShare = 16;   // what trials cost is at most this part of the time between
constexpr double kOtherLevel = 2;    // times as many processors: others compete in another way
constexpr double kFarWorse = 1.5;    // times the cost of the other place
constexpr double kGain = 0.95;       // of the cost, from which another place is better

double now() {
  const auto time = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration<double>(time).count();
}

}  // namespace

bool PlacementChoice::observe(double seconds, double work) {
  stay_.seconds += seconds;
  stay_.work += work;
  ++stay_.steps;
  if (stay_.work <= 0) return false;
  // A trial that is by far worse is over at once.
  if (trying_ && stay_.seconds >= kLeastTrial && cost() > kFarWorse * cost_[gathered_ ? 0 : 1]) {
    return true;
  }
  return stay_.steps >= kLeastSteps && stay_.seconds >= kLeastStay;
}

void PlacementChoice::judge(double others) {
  if (stay_.work > 0) cost_[gathered_ ? 1 : 0] = cost();
  if (others < kCompeting) {
    alone();
  } else if (tried_at_ == 0) {
    tried_at_ = others;
    until_trial_ = patience_;
    go(true);
  } else if (trying_) {
    judge_trial(others);
  } else {
    until_trial_ -= stay_.seconds;
    const bool changed = others > kOtherLevel * tried_at_ || tried_at_ > kOtherLevel * others;
    trying_ = changed || until_trial_ <= 0;
    if (trying_) go(!gathered_);
  }
  stay_ = {};
}

void PlacementChoice::alone() {
  trying_ = false;
  tried_at_ = 0;
  patience_ = kLeastPatience;
  go(false);
}

void PlacementChoice::judge_trial(double others) {
  trying_ = false;
  tried_at_ = others;
  const double here = cost(), there = cost_[gathered_ ? 0 : 1];
  const bool better = here < kGain * there;
  patience_ = better ? kLeastPatience : std::min(2 * patience_, kMostPatience);
  const double lost = (here - there) * stay_.work;
  until_trial_ = std::max(patience_, kTrialShare * lost);
  if (!better) go(!gathered_);
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

/// Preparing a training takes long enough to see who else is there.
void Placement::look_before_first() {
  if (looked_) return;
  looked_ = true;
  competition_.look(all_, all_);
  choice_.judge(competition_.others());
}

void Placement::follow_choice() {
  if (!choice_.gathered()) {
    if (put_gathered_) put(all_);
    put_gathered_ = false;
    waits_.off();
    return;
  }
  const cpu_set_t half = competition_.quiet_half(all_, half_, static_cast<int>(gettid()));
  if (!put_gathered_) waits_.on(at::get_num_threads());
  if (put_gathered_ && CPU_EQUAL(&half, &half_)) {
    sched_setaffinity(0, sizeof(half), &half);  // the other threads have stayed there
  } else {
    put(half);
  }
  half_ = half;
  put_gathered_ = true;
}

void Placement::observe(double seconds, double work) {
  if (!choice_.observe(seconds, work)) return;
  competition_.look(all_, put_gathered_ ? half_ : all_);
  choice_.judge(competition_.others());
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
  placement_.look_before_first();
  placement_.follow_choice();
  begun_ = now();
}

Placement::Step::~Step() {
  if (!active_) return;
  placement_.observe(now() - begun_, work_);
  if (placement_.put_gathered_) {
    sched_setaffinity(0, sizeof(placement_.all_), &placement_.all_);
  }
}

}  // namespace duovox
