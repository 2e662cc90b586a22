// Shortens the time that waiting OpenMP threads spin.
#ifndef DUOVOX_THREADS_SHORT_WAITS_H
#define DUOVOX_THREADS_SHORT_WAITS_H

#include <optional>
#include <semaphore>
#include <thread>

namespace duovox {

/// While on, waiting OpenMP threads sleep almost at once and leave the processor to the threads
/// they wait for; otherwise they spin as long as GOMP_SPINCOUNT says. libgomp has no function for
/// this, but spins for at most 100 rounds while it manages more threads than there are processors
/// (its manual, GOMP_SPINCOUNT): so a thread here holds an idle team of its own. No effect with
/// other OpenMP run-time libraries.
class ShortWaits {
 public:
  ShortWaits() = default;
  ~ShortWaits() { off(); }
  ShortWaits(const ShortWaits&) = delete;
  ShortWaits& operator=(const ShortWaits&) = delete;

  /// Starts the idle team; does nothing where the system allows no more threads.
  /// @param threads number of threads of the calling thread's own loops
  void on(int threads);
  void off();

 private:
  std::optional<std::binary_semaphore> done_;
  std::thread holder_;
};

}  // namespace duovox

#endif  // DUOVOX_THREADS_SHORT_WAITS_H
