// Replays training steps as CUDA graphs, one graph for each key: three steps run directly, the
// fourth is captured (which computes nothing) and replayed, and all later ones are replayed.
// Compiled into libduovox_cuda.so by the preset "cuda" only. Streams and events use libtorch's
// device-independent interface, so that no library of CUDA itself is linked.
//
// Randomness: libtorch keeps the seed and the offset of a captured generator in device memory and
// sets them before each replay from the default generator, which the trainer seeds before each
// step: a replay draws the same numbers as a direct step.
#include <ATen/cuda/CUDAGraph.h>
#include <c10/core/Event.h>
#include <c10/core/StreamGuard.h>
#include <c10/cuda/CUDAStream.h>

#include <map>
#include <stdexcept>

#include "cuda/step_runner.h"

namespace duovox {
namespace {

constexpr int kWarmUp = 3;         // direct steps of a key before its capture, which load kernels
constexpr size_t kMaxGraphs = 64;  // each holds some MiB of the driver's memory
constexpr size_t kMaxKeys = 4096;  // keys whose steps are counted before their capture

/// Makes to wait for the work queued on from so far.
void wait(const c10::Stream& to, const c10::Stream& from) {
  c10::Event reached(c10::DeviceType::CUDA);
  reached.record(from);
  reached.block(to);
}

/// While it lives, work goes to another stream, in order with the caller's stream.
class OnStream {
 public:
  explicit OnStream(const c10::cuda::CUDAStream& stream)
      : caller_(c10::cuda::getCurrentCUDAStream().unwrap()), stream_(stream.unwrap()) {
    wait(stream_, caller_);
    guard_.emplace(stream_);
  }
  ~OnStream() {
    guard_.reset();
    try {
      wait(caller_, stream_);
    } catch (const std::exception&) {  // NOLINT: a broken device says so at the next call
    }
  }
  OnStream(const OnStream&) = delete;
  OnStream& operator=(const OnStream&) = delete;

 private:
  c10::Stream caller_, stream_;
  std::optional<c10::StreamGuard> guard_;
};

class GraphRunner final : public StepRunner {
 public:
  GraphRunner() : stream_(c10::cuda::getStreamFromPool()), pool_(at::cuda::graph_pool_handle()) {}

  void run(const std::vector<int64_t>& key, const std::vector<at::Tensor>& buffers,
           const std::function<void()>& body) override {
    const OnStream on(stream_);
    for (const at::Tensor& buffer : buffers) buffer.record_stream(stream_.unwrap());
    if (entries_.size() >= kMaxKeys && entries_.count(key) == 0) forget_uncaptured();
    Entry& entry = entries_[key];
    if (!entry.graph) {
      if (entry.seen++ < kWarmUp || graphs_ >= kMaxGraphs) return body();
      capture(entry, buffers, body);
    } else {
      for (size_t i = 0; i < buffers.size(); ++i) entry.buffers[i].copy_(buffers[i], true);
    }
    entry.graph->replay();
  }

 private:
  struct Entry {
    int seen = 0;
    std::vector<at::Tensor> buffers;  // what the graph reads
    std::unique_ptr<at::cuda::CUDAGraph> graph;
  };

  void capture(Entry& entry, const std::vector<at::Tensor>& buffers,
               const std::function<void()>& body) {
    auto graph = std::make_unique<at::cuda::CUDAGraph>();
    // Other threads may use the device during the capture.
    graph->capture_begin(pool_, cudaStreamCaptureModeThreadLocal);
    try {
      body();
    } catch (...) {
      end_failed(*graph);
      throw;
    }
    end(*graph);
    entry.buffers = buffers;
    entry.graph = std::move(graph);
    ++graphs_;
  }

  /// When the device invalidates a capture, libtorch's generator stays bound to it: this process
  /// cannot continue, and the message says how to run without graphs.
  static void end(at::cuda::CUDAGraph& graph) {
    try {
      graph.capture_end();
    } catch (const std::exception& e) {
      throw std::runtime_error(
          std::string("a training step could not be recorded as a CUDA graph; go on from the last "
                      "checkpoint without DUOVOX_CUDA_GRAPHS: ") +
          e.what());
    }
  }

  /// Ends a capture whose body threw; the caller reports that first failure.
  static void end_failed(at::cuda::CUDAGraph& graph) {
    try {
      graph.capture_end();
    } catch (const std::exception&) {  // NOLINT
    }
  }

  void forget_uncaptured() {
    for (auto entry = entries_.begin(); entry != entries_.end();) {
      entry = entry->second.graph ? std::next(entry) : entries_.erase(entry);
    }
  }

  c10::cuda::CUDAStream stream_;
  at::cuda::MempoolId_t pool_;  // shared by all graphs: they never run at once
  std::map<std::vector<int64_t>, Entry> entries_;
  size_t graphs_ = 0;
};

}  // namespace
}  // namespace duovox

extern "C" __attribute__((visibility("default"))) duovox::StepRunner* duovox_make_graph_runner() {
  return std::make_unique<duovox::GraphRunner>().release();
}
