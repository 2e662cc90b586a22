// How long OpenMP's threads spin where they wait for each other.
#ifndef DUOVOX_THREADS_SHORT_WAITS_H
#define DUOVOX_THREADS_SHORT_WAITS_H

#include <optional>
#include <semaphore>
#include <thread>

namespace duovox {

/// While on, waiting threads of OpenMP sleep almost at once, which leaves the processor to whom
/// they wait for; else they spin as long as GOMP_SPINCOUNT says. libgomp has no call for it, but
/// spins for 100 rounds at most while it manages more threads than there are processors (its
/// manual, GOMP_SPINCOUNT): so a thread holds a team of its own that does nothing. It has no effect
/// with other run-time libraries of OpenMP.
class ShortWaits {
 public:
  ShortWaits() = default;
  ~ShortWaits() { off(); }
  ShortWaits(const ShortWaits&) = delete;
  ShortWaits& operator=(const ShortWaits&) = delete;

  /// Starts the team; does nothing where the system gives no more threads. @param threads those of
  /// the calling thread's own loops
  void on(int threads);
  void off();

 private:
  std::optional<std::binary_semaphore> done_;
  std::thread holder_;
};

}  // namespace duovox

#endif  // DUOVOX_THREADS_SHORT_WAITS_H
