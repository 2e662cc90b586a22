// How much of the processors of this process others use.
#ifndef DUOVOX_THREADS_COMPETITION_H
#define DUOVOX_THREADS_COMPETITION_H

#include <sched.h>

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace duovox {

/// The processors of a set in some order.
std::vector<int> processors_of(const cpu_set_t& set);

/// Watches by the kernel's counts (/proc/stat, in hundredths of a second) what other processes
/// take. What a hypervisor takes does not count: nothing here could leave it a processor. Where the
/// counts cannot be read nobody competes.
class Competition {
 public:
  /// The busy time of each processor, by number.
  using Ticks = std::array<int64_t, CPU_SETSIZE>;

  /// Takes the first look.
  Competition();

  /// Looks at what has happened since the last look; too short a time says nothing. @param all
  /// where this process may run @param own where its threads have run since
  void look(const cpu_set_t& all, const cpu_set_t& own);

  /// How many processors others used between the last two looks, e.g. 0.5; 0 before there were two.
  double others() const { return others_; }

  /// That half of the processors, at least one, which others used least; the present half unless
  /// another is better by far. @param present any set @param preferred decides between equals
  cpu_set_t quiet_half(const cpu_set_t& all, const cpu_set_t& present, int preferred) const;

 private:
  /// The counts at one moment.
  struct Counts {
    double clock = 0, own = 0;  // seconds: passed, and of processors taken by this process
    Ticks busy{};
  };

  static Counts now();

  Counts last_;
  double others_ = 0;
  std::array<double, CPU_SETSIZE> use_{};  // of each processor, by others
};

/// The busy ticks of each processor in the text of /proc/stat: time of users and of the system, not
/// idle, waiting for disks or stolen.
Competition::Ticks busy_ticks(std::string_view stat);

}  // namespace duovox

#endif  // DUOVOX_THREADS_COMPETITION_H
