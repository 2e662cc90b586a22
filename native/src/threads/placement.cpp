// See placement.h. A trial costs one or a few steps; each trial that changes nothing doubles the
// wait before the next one.
#include "threads/placement.h"

#include <ATen/Parallel.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>

namespace duovox {
namespace {

constexpr double kMinStay = 0.5;    // seconds of steps before a judgment
constexpr double kMinTrial = 0.1;   // seconds of a trial that is much worse
constexpr int64_t kMinSteps = 2;    // the first one after a change has cold caches
constexpr double kCompeting = 0.3;  // processors used by others: competition from here
constexpr double kTrialShare = 16;  // time between trials, in multiples of what the last one cost
constexpr double kOtherLevel = 2;   // a change of competition by this factor starts a trial
constexpr double kFarWorse = 1.5;   // times the cost of the other placement
constexpr double kGain = 0.95;      // a placement is better below this share of the other's cost

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
  // A trial that is much worse ends early.
  if (trying_ && stay_.seconds >= kMinTrial && cost() > kFarWorse * cost_[gathered_ ? 0 : 1]) {
    return true;
  }
  return stay_.steps >= kMinSteps && stay_.seconds >= kMinStay;
}

void PlacementChoice::judge(double others) {
  if (stay_.work > 0) cost_[gathered_ ? 1 : 0] = cost();
  if (others < kCompeting) {
    end_competition();
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

void PlacementChoice::end_competition() {
  trying_ = false;
  tried_at_ = 0;
  patience_ = kMinPatience;
  go(false);
}

void PlacementChoice::judge_trial(double others) {
  trying_ = false;
  tried_at_ = others;
  const double here = cost(), there = cost_[gathered_ ? 0 : 1];
  const bool better = here < kGain * there;
  patience_ = better ? kMinPatience : std::min(2 * patience_, kMaxPatience);
  const double lost = (here - there) * stay_.work;
  until_trial_ = std::max(patience_, kTrialShare * lost);
  if (!better) go(!gathered_);
}

Placement::~Placement() {
  if (put_gathered_) put(all_);
}

/// Moves the threads of the calling thread's parallel loops.
void Placement::put(const cpu_set_t& processors) {
  at::parallel_for(0, at::get_num_threads(), 1, [&](int64_t, int64_t) {
    sched_setaffinity(0, sizeof(processors), &processors);  // a failure only costs time
  });
}

/// Preparing a training takes long enough to measure the competition before the first step.
void Placement::look_before_first() {
  if (looked_) return;
  looked_ = true;
  competition_.measure(all_, all_);
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
    sched_setaffinity(0, sizeof(half), &half);  // the other threads are still there
  } else {
    put(half);
  }
  half_ = half;
  put_gathered_ = true;
}

void Placement::observe(double seconds, double work) {
  if (!choice_.observe(seconds, work)) return;
  competition_.measure(all_, put_gathered_ ? half_ : all_);
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
