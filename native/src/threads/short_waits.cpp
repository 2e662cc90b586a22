// See short_waits.h.
#include "threads/short_waits.h"

#include <omp.h>

#include <atomic>
#include <latch>
#include <system_error>
#include <vector>

namespace duovox {
namespace {

/// Whether the system allows this many more threads; libgomp would end the process if it did not.
bool can_start(int threads) {
  std::vector<std::jthread> started;
  std::latch all_there(1);
  bool started_all = true;
  try {
    for (int i = 0; i < threads; ++i) started.emplace_back([&] { all_there.wait(); });
  } catch (const std::system_error&) {
    started_all = false;
  }
  all_there.count_down();
  return started_all;
}

}  // namespace

void ShortWaits::on(int threads) {
  if (holder_.joinable()) return;
  // libgomp counts the threads of the caller's loops, but not the first thread of the idle team.
  const int team = omp_get_num_procs() - threads + 2;
  if (team < 2 || team > threads + 1 || !can_start(team + 1)) return;
  done_.emplace(0);
  holder_ = std::thread([this, team] {
    std::atomic<int> present = 0;  // the compiler would drop an empty region
#pragma omp parallel num_threads(team)
    present.fetch_add(1);
    done_->acquire();
  });
}

void ShortWaits::off() {
  if (!holder_.joinable()) return;
  done_->release();
  holder_.join();
}

}  // namespace duovox
