// What other processes use of the processors: the kernel's counts, and the half with most room.
#include "threads/competition.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <thread>

#include "threads/short_waits.h"

namespace duovox::testing {
namespace {

cpu_set_t set_of(std::initializer_list<int> processors) {
  cpu_set_t set;
  CPU_ZERO(&set);
  for (const int processor : processors) CPU_SET(processor, &set);
  return set;
}

TEST(Competition, CountsTimeOfUsersAndSystemOfEachProcessor) {
  const Competition::Ticks ticks = busy_ticks(
      "cpu  300 6 9 5000 70 3 5 11 0 0\ncpu0 100 2 3 4000 50 1 2 9 0 0\n"
      "cpu12 200 4 6 1000 20 2 3 2 0 0\nintr 12345 1 2\n");
  EXPECT_EQ(ticks[0], 108);
  EXPECT_EQ(ticks[12], 215);
  EXPECT_EQ(ticks[1], 0);
}

TEST(Competition, SurvivesCountsThatAreNotThere) {
  EXPECT_EQ(busy_ticks("")[0], 0);
  EXPECT_EQ(busy_ticks("cpu0 1 2\ncpu99999 1 2 3 4 5 6 7\ncpux 1 2 3 4 5 6 7\n")[0], 0);
}

TEST(Competition, StaysInThePresentHalfWhereNoOtherIsBetterByFar) {
  const Competition competition;  // has seen nobody use anything
  const cpu_set_t all = set_of({0, 2, 5, 7}), present = set_of({2, 7});
  const cpu_set_t chosen = competition.quiet_half(all, present, 0);
  EXPECT_TRUE(CPU_EQUAL(&chosen, &present));
}

TEST(Competition, StartsWithTheHalfThatIsPreferredAndStaysWithinAll) {
  const Competition competition;
  const cpu_set_t all = set_of({0, 2, 5, 7, 9}), elsewhere = set_of({1, 3, 4});
  const cpu_set_t chosen = competition.quiet_half(all, elsewhere, 12), expected = set_of({5, 7, 9});
  EXPECT_TRUE(CPU_EQUAL(&chosen, &expected));
}

int64_t threads() {
  return std::distance(std::filesystem::directory_iterator("/proc/self/task"), {});
}

/// Threads start and end in their own time.
bool become(int64_t count) {
  for (int i = 0; i < 1'000'000 && threads() != count; ++i) std::this_thread::yield();
  return threads() == count;
}

TEST(ShortWaits, HoldATeamWhileTheyAreOn) {
  const int64_t before = threads();
  const auto all = static_cast<int>(std::thread::hardware_concurrency());
  ShortWaits waits;
  waits.on(all);
  EXPECT_TRUE(become(before + 2));
  waits.on(all);
  EXPECT_TRUE(become(before + 2));
  waits.off();
  EXPECT_TRUE(become(before));
}

TEST(ShortWaits, AreLeftOutWhereTheyWouldNeedManyThreads) {
  const int64_t before = threads();
  ShortWaits waits;
  waits.on(0);
  EXPECT_EQ(threads(), before);
}

}  // namespace
}  // namespace duovox::testing
