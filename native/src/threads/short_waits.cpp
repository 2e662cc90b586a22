// See short_waits.h.
#include "threads/short_waits.h"

#include <omp.h>

#include <atomic>
#include <latch>
#include <system_error>
#include <vector>

namespace duovox {
namespace {

/// Whether the system gives so many threads at once: libgomp ends the process where it does not.
bool gives(int threads) {
  std::vector<std::jthread> started;
  std::latch all_there(1);
  bool given = true;
  try {
    for (int i = 0; i < threads; ++i) started.emplace_back([&] { all_there.wait(); });
  } catch (const std::system_error&) {
    given = false;
  }
  all_there.count_down();
  return given;
}

}  // namespace

void ShortWaits::on(int threads) {
  if (holder_.joinable()) return;
  // Its first thread is not counted, those of the caller's loops are.
  const int team = omp_get_num_procs() - threads + 2;
  if (team < 2 || team > threads + 1 || !gives(team + 1)) return;
  done_.emplace(0);
  holder_ = std::thread([this, team] {
    std::atomic<int> present = 0;  // a region that does nothing would not be compiled
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
