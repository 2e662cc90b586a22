// See competition.h.
#include "threads/competition.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <fstream>
#include <numeric>
#include <sstream>
#include <string>

namespace duovox {
namespace {

constexpr double kMinTime = 0.2;  // seconds: the kernel counts hundredths
constexpr double kMove = 0.5;     // of a processor: another half is much better from here

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
}

/// Processor time of this process so far.
double own_time() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

std::string stat_of_processors() {
  std::ifstream file("/proc/stat");
  std::string text, line;
  // The lines of processors come first; those of interrupts are long.
  while (std::getline(file, line) && line.starts_with("cpu")) text += line + '\n';
  return text;
}

}  // namespace

std::vector<int> processors_of(const cpu_set_t& set) {
  std::vector<int> processors;
  for (int i = 0; i < CPU_SETSIZE; ++i) {
    if (CPU_ISSET(i, &set)) processors.push_back(i);
  }
  return processors;
}

Competition::Ticks busy_ticks(std::string_view stat) {
  Competition::Ticks ticks{};
  std::istringstream lines{std::string(stat)};
  for (std::string line; std::getline(lines, line);) {
    std::istringstream fields(line);
    std::string name;
    int64_t user = 0, nice = 0, system = 0, idle = 0, disk = 0, interrupts = 0, soft = 0;
    int processor = -1;
    if (!(fields >> name >> user >> nice >> system >> idle >> disk >> interrupts >> soft)) continue;
    if (!name.starts_with("cpu")) continue;
    std::from_chars(name.data() + 3, name.data() + name.size(), processor);
    if (processor < 0 || processor >= CPU_SETSIZE) continue;  // the sum of all has no number
    ticks[static_cast<size_t>(processor)] = user + nice + system + interrupts + soft;
  }
  return ticks;
}

Competition::Competition() : last_(read_counts()) {}

Competition::Counts Competition::read_counts() {
  const auto time = std::chrono::steady_clock::now().time_since_epoch();
  return {std::chrono::duration<double>(time).count(), own_time(),
          busy_ticks(stat_of_processors())};
}

void Competition::measure(const cpu_set_t& all, const cpu_set_t& own) {
  const Counts counts = read_counts();
  const double elapsed = counts.clock - last_.clock;
  if (elapsed < kMinTime) return;
  const double tick = 1 / static_cast<double>(sysconf(_SC_CLK_TCK));
  const double of_own = (counts.own - last_.own) / elapsed;
  double busy = 0;
  for (const int processor : processors_of(all)) {
    const auto i = static_cast<size_t>(processor);
    const double use = static_cast<double>(counts.busy[i] - last_.busy[i]) * tick / elapsed;
    const double share = CPU_ISSET(processor, &own) ? of_own / CPU_COUNT(&own) : 0;
    use_[i] = std::max(0.0, use - share);
    busy += use;
  }
  others_ = std::max(0.0, busy - of_own);
  last_ = counts;
}

cpu_set_t Competition::quiet_half(const cpu_set_t& all, const cpu_set_t& present,
                                  int preferred) const {
  std::vector<int> processors = processors_of(all);
  const auto shift = preferred % static_cast<int>(processors.size());
  std::rotate(processors.begin(), processors.begin() + shift, processors.end());
  const auto use = [&](int processor) { return use_[static_cast<size_t>(processor)]; };
  std::stable_sort(processors.begin(), processors.end(),
                   [&](int a, int b) { return use(a) < use(b); });
  processors.resize((processors.size() + 1) / 2);
  const auto sum = [&](const std::vector<int>& chosen) {
    return std::accumulate(chosen.begin(), chosen.end(), 0.0,
                           [&](double total, int processor) { return total + use(processor); });
  };
  cpu_set_t allowed;
  CPU_AND(&allowed, &present, &all);
  if (CPU_COUNT(&allowed) == static_cast<int>(processors.size()) &&
      sum(processors_of(allowed)) < sum(processors) + kMove) {
    return allowed;
  }
  cpu_set_t half;
  CPU_ZERO(&half);
  for (const int processor : processors) CPU_SET(processor, &half);
  return half;
}

}  // namespace duovox
