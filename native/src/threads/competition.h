// Measures how much of this process's processors other processes use.
#ifndef DUOVOX_THREADS_COMPETITION_H
#define DUOVOX_THREADS_COMPETITION_H

#include <sched.h>

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace duovox {

/// Returns the numbers of the processors in a set.
std::vector<int> processors_of(const cpu_set_t& set);

/// Reads the kernel's counts in /proc/stat, in hundredths of a second. Time that a hypervisor
/// steals does not count, because leaving it a processor is not possible. Where the counts cannot
/// be read, others() is 0.
class Competition {
 public:
  /// Busy time of each processor, by number.
  using Ticks = std::array<int64_t, CPU_SETSIZE>;

  /// Reads the counts for the first time.
  Competition();

  /// Measures the use since the last measurement; does nothing when that was just now.
  /// @param all where this process may run @param own where its threads have run since
  void measure(const cpu_set_t& all, const cpu_set_t& own);

  /// Processors that others used between the last two measurements, e.g. 0.5; 0 before the second.
  double others() const { return others_; }

  /// Returns the half of the processors, at least one, that others used least; the present half
  /// unless another is much better. @param present any set @param preferred breaks ties
  cpu_set_t quiet_half(const cpu_set_t& all, const cpu_set_t& present, int preferred) const;

 private:
  /// The counts at one moment.
  struct Counts {
    double clock = 0;  // seconds
    double own = 0;    // processor time of this process, seconds
    Ticks busy{};
  };

  static Counts read_counts();

  Counts last_;
  double others_ = 0;
  std::array<double, CPU_SETSIZE> use_{};  // of each processor by others, 0 to 1
};

/// Returns the busy ticks of each processor in the text of /proc/stat: user and system time,
/// without time idle, waiting for disks or stolen.
Competition::Ticks busy_ticks(std::string_view stat);

}  // namespace duovox

#endif  // DUOVOX_THREADS_COMPETITION_H
