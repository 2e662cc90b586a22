// Runs whole training steps on a CUDA device as replays of recorded ones: the seam between the
// trainer and the part of the build that needs CUDA's headers.
#ifndef DUOVOX_CUDA_STEP_RUNNER_H
#define DUOVOX_CUDA_STEP_RUNNER_H

#include <ATen/ATen.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace duovox {

/// A step launches some thousand kernels, and for small batches launching them costs more than
/// computing. A CUDA graph launches all of them at once, but only the very same kernels on the very
/// same memory: steps that are alike in all that the host decides (key) and differ in the contents
/// of buffers only.
///
/// The implementation (graph_runner.cpp) is a library of its own, libduovox_cuda.so, because it
/// links libtorch's CUDA part: libduovox.so itself must load where there is none. It is looked for
/// beside libduovox.so, and only when the environment variable DUOVOX_CUDA_GRAPHS is 1.
class StepRunner {
 public:
  virtual ~StepRunner() = default;

  /// Does what body does: calls it, or replays what a call with the same key launched.
  /// @param key all that decides which kernels body launches
  /// @param buffers tensors on the device that body reads and that change from step to step;
  /// of the same sizes for the same key
  /// @param body must neither wait for the device nor depend on anything else that changes
  virtual void run(const std::vector<int64_t>& key, const std::vector<at::Tensor>& buffers,
                   const std::function<void()>& body) = 0;
};

/// A runner for a device; null on the CPU, and unless DUOVOX_CUDA_GRAPHS is 1. Throws
/// DUOVOX_UNAVAILABLE with the loader's words when graphs are asked for and libduovox_cuda.so
/// cannot be loaded.
std::unique_ptr<StepRunner> make_step_runner(at::Device device);

/// Name and type of the function that libduovox_cuda.so exports; the caller owns the runner.
inline constexpr char kMakeGraphRunner[] = "duovox_make_graph_runner";
using MakeGraphRunner = StepRunner* (*)();

}  // namespace duovox

#endif  // DUOVOX_CUDA_STEP_RUNNER_H
