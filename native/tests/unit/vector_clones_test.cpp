// Which version of a function this processor runs, and on how many threads, as its results show.
#include "vector_clones.h"

#include <ATen/Parallel.h>
#include <gtest/gtest.h>
#include <omp.h>

#include <mutex>
#include <set>
#include <thread>
#include <vector>

#include "units/dots.h"

namespace duovox::testing {
namespace {

#if defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__)

TEST(VectorClones, MultiplyAndAddInOneRoundingWhereTheProcessorCan) {
  // (1 + e)^2 - 1 with e = 2^-12: the square ends in e^2 = 2^-24, which rounding a product of its
  // own loses (half a unit, to even) and a fused one keeps.
  const float e = 0x1p-12F;
  std::vector<float> row(32, 0), point(32, 0);  // two blocks of lanes
  row[0] = -1;
  point[0] = 1;
  row[16] = point[16] = 1 + e;
  float actual = 0;
  dots(row.data(), 1, point.data(), 1, 32, &actual, 1);
  const bool fused = __builtin_cpu_supports("x86-64-v3") != 0;
  EXPECT_EQ(actual, fused ? 2 * e + e * e : 2 * e);
}

#endif

TEST(Parallel, LoopsRunOnTheThreadsOfLibtorch) {
  const int before = at::get_num_threads();
  at::set_num_threads(3);
  EXPECT_EQ(omp_get_max_threads(), 3);  // one OpenMP in the process, not two
  std::mutex mutex;
  std::set<std::thread::id> threads;
  at::parallel_for(0, 3, 1, [&](int64_t from, int64_t to) {
    const std::lock_guard lock(mutex);
    EXPECT_EQ(to, from + 1);
    threads.insert(std::this_thread::get_id());
  });
  at::set_num_threads(before);
  EXPECT_EQ(threads.size(), 3U);
}

}  // namespace
}  // namespace duovox::testing
