// The placement of steps: its choice on made-up costs, and that it restores the threads.
#include "threads/placement.h"

#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include <mutex>
#include <vector>

#include "support.h"
#include "training.h"

namespace duovox::testing {
namespace {

/// A machine with a cost of a step in seconds, spread and gathered, and processors used by others.
struct Machine {
  double spread, gathered;
  double others;
};

/// Takes steps of one unit of work for that many seconds; returns the seconds of a step.
double mean_step(PlacementChoice& choice, const Machine& machine, double seconds) {
  double taken = 0;
  int64_t steps = 0;
  for (; taken < seconds; ++steps) {
    const double step = choice.gathered() ? machine.gathered : machine.spread;
    if (choice.observe(step, 1)) choice.judge(machine.others);
    taken += step;
  }
  return taken / static_cast<double>(steps);
}

constexpr Machine kIdle{0.1, 0.19, 0.05}, kStragglers{1.0, 0.22, 1}, kShared{0.2, 0.3, 1};

TEST(PlacementChoice, StaysSpreadWhereNobodyCompetes) {
  PlacementChoice choice;
  EXPECT_NEAR(mean_step(choice, kIdle, 1000), kIdle.spread, 1e-9);
}

TEST(PlacementChoice, GathersWhereStepsWaitForOthers) {
  PlacementChoice choice;
  mean_step(choice, kStragglers, 10);
  EXPECT_LT(mean_step(choice, kStragglers, 100), 1.1 * kStragglers.gathered);
}

TEST(PlacementChoice, GathersFromTheFirstStepWhereOthersWereThereBefore) {
  PlacementChoice choice;
  choice.judge(1);
  EXPECT_TRUE(choice.gathered());
}

TEST(PlacementChoice, EndsATrialThatIsByFarWorseAfterOneStep) {
  PlacementChoice choice;
  choice.judge(1);
  int spread = 0;
  for (int i = 0; i < 20; ++i) {
    spread += choice.gathered() ? 0 : 1;
    if (choice.observe(choice.gathered() ? 0.3 : 1, 1)) choice.judge(1);
  }
  EXPECT_EQ(spread, 1);
}

TEST(PlacementChoice, StaysSpreadWhereThatIsFasterNonetheless) {
  PlacementChoice choice;
  mean_step(choice, kShared, 10);
  EXPECT_LT(mean_step(choice, kShared, 100), 1.07 * kShared.spread);
}

TEST(PlacementChoice, SpreadsAgainWhenTheOthersHaveGone) {
  PlacementChoice choice;
  mean_step(choice, kStragglers, 100);
  mean_step(choice, kIdle, 1);
  EXPECT_NEAR(mean_step(choice, kIdle, 100), kIdle.spread, 1e-9);
}

TEST(PlacementChoice, ComparesStepsOfDifferentSizesByTheirWork) {
  PlacementChoice choice;
  int spread = 0;
  for (int i = 0; i < 2000; ++i) {  // both cost as much: trials are not worth a change
    const double work = 1 + i % 7;
    spread += i >= 1000 && !choice.gathered() ? 1 : 0;
    if (choice.observe(0.1 * work, work)) choice.judge(1);
  }
  EXPECT_GT(spread, 0);
  EXPECT_LT(spread, 100);
}

/// Where each thread of parallel loops may run.
std::vector<int> processors_of_threads() {
  std::mutex mutex;
  std::vector<int> found;
  at::parallel_for(0, at::get_num_threads(), 1, [&](int64_t, int64_t) {
    cpu_set_t set;
    ASSERT_EQ(sched_getaffinity(0, sizeof(set), &set), 0);
    const std::lock_guard lock(mutex);
    found.push_back(CPU_COUNT(&set));
  });
  return found;
}

TEST(Placement, LeavesThreadsWhereTheyWere) {
  const int threads = at::get_num_threads();
  at::set_num_threads(2);
  const std::vector<int> before = processors_of_threads();
  {
    const auto config = small_config();
    UnitModel model(config);
    write_codebook(model);
    Trainer trainer(model, quick(DUOVOX_PRETRAIN, 10, 1e-3));
    TestBatch batch = random_batch(config, {5, 9});
    for (int i = 0; i < 10; ++i) {
      trainer.step({batch.inputs()});
      cpu_set_t here;
      ASSERT_EQ(sched_getaffinity(0, sizeof(here), &here), 0);
      EXPECT_EQ(CPU_COUNT(&here), before[0]);
    }
  }
  EXPECT_EQ(processors_of_threads(), before);
  at::set_num_threads(threads);
}

}  // namespace
}  // namespace duovox::testing
