// The interface through which the trainer replays recorded steps on a CUDA device; separates it
// from the part of the build that needs CUDA's headers.
#ifndef DUOVOX_CUDA_STEP_RUNNER_H
#define DUOVOX_CUDA_STEP_RUNNER_H

#include <ATen/ATen.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace duovox {

/// A step launches some thousand kernels, and for small batches launching them costs more than
/// computing. A CUDA graph launches all of them at once, but only the same kernels on the same
/// memory: for steps that agree in everything the host decides (key) and differ only in the
/// contents of buffers.
///
/// The implementation (graph_runner.cpp) is a separate library, libduovox_cuda.so, because it links
/// libtorch's CUDA part, and libduovox.so must load where there is none. It is loaded from the
/// folder of libduovox.so, and only when the environment variable DUOVOX_CUDA_GRAPHS is 1.
class StepRunner {
 public:
  virtual ~StepRunner() = default;

  /// Calls body, or replays the kernels that a call with the same key launched.
  /// @param key everything that decides which kernels body launches
  /// @param buffers the tensors on the device that body reads and that change from step to step;
  ///     their sizes are the same for the same key
  /// @param body must not wait for the device or depend on anything else that changes
  virtual void run(const std::vector<int64_t>& key, const std::vector<at::Tensor>& buffers,
                   const std::function<void()>& body) = 0;
};

/// Returns a runner for a device; null on the CPU, and unless DUOVOX_CUDA_GRAPHS is 1. Throws
/// DUOVOX_UNAVAILABLE with the loader's words when graphs are asked for and libduovox_cuda.so
/// cannot be loaded.
std::unique_ptr<StepRunner> make_step_runner(at::Device device);

/// Name and type of the function that libduovox_cuda.so exports; the caller owns the runner.
inline constexpr char kMakeGraphRunner[] = "duovox_make_graph_runner";
using MakeGraphRunner = StepRunner* (*)();

}  // namespace duovox

#endif  // DUOVOX_CUDA_STEP_RUNNER_H
