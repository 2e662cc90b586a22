// A strided 1-D convolution over frames (frames, channels): matrix products on views of the input,
// without the copy of im2col and without transposing to channels-first.
#ifndef DUOVOX_SPEECH_FRAME_CONV_H
#define DUOVOX_SPEECH_FRAME_CONV_H

#include <ATen/ATen.h>

#include <cstdint>
#include <vector>

namespace duovox {

class FrameConv {
 public:
  FrameConv() = default;

  /// @param weight (out, in, kernel) as a checkpoint has it
  /// @param bias (out), or undefined
  FrameConv(const at::Tensor& weight, at::Tensor bias, int64_t stride);

  int64_t outputs() const { return outputs_; }

  /// Output frames for that many input frames, without padding; 0 when there are fewer than taps.
  int64_t frames(int64_t input) const {
    return input < kernel_ ? 0 : (input - kernel_) / stride_ + 1;
  }
  /// Input frames that this many output frames need.
  int64_t reach(int64_t output) const { return (output - 1) * stride_ + kernel_; }
  int64_t stride() const { return stride_; }

  /// input (T, in), contiguous rows; out (frames(T), out), contiguous.
  void operator()(const at::Tensor& input, at::Tensor& out) const;

  /// Returns this convolution with each output channel multiplied by scale (out) and with shift
  /// (out) instead of its bias.
  FrameConv scaled(const at::Tensor& scale, const at::Tensor& shift) const;

 private:
  // Groups of taps within one stride, each (taps x in, out).
  std::vector<at::Tensor> taps_;
  at::Tensor bias_;
  int64_t inputs_ = 0;
  int64_t outputs_ = 0;
  int64_t kernel_ = 0;
  int64_t stride_ = 1;
};

}  // namespace duovox

#endif  // DUOVOX_SPEECH_FRAME_CONV_H
