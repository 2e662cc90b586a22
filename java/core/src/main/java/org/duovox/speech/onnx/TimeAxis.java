package org.duovox.speech.onnx;

import java.nio.FloatBuffer;
import java.util.Arrays;
import org.duovox.io.ArraySize;

/// The layout of a tensor whose time axis may stand anywhere: copies values between it and frames
/// (time, width).
///
/// A tensor of shape (a, b, time, c) is seen as (outer = a b, time, inner = c); value p * inner + s
/// of frame t is element (p, t, s).
///
/// @param outer product of the sizes before time
/// @param inner product of the sizes after time
record TimeAxis(int outer, int inner) {

  static TimeAxis of(long[] shape, int axis) {
    String what = "a tensor of shape " + Arrays.toString(shape);
    return new TimeAxis(
        ArraySize.of(what, Arrays.copyOfRange(shape, 0, axis)),
        ArraySize.of(what, Arrays.copyOfRange(shape, axis + 1, shape.length)));
  }

  int width() {
    return outer * inner;
  }

  /// Appends `steps` frames, each value times `scale` plus `shift`, to a tensor's buffer.
  void write(float[] frames, int begin, int steps, double scale, double shift, FloatBuffer tensor) {
    int width = width();
    boolean plain = scale == 1 && shift == 0;
    for (int p = 0; p < outer; p++) {
      for (int t = 0; t < steps; t++) {
        int from = (begin + t) * width + p * inner;
        if (plain) {
          tensor.put(frames, from, inner);
        } else {
          for (int s = 0; s < inner; s++) {
            tensor.put((float) (frames[from + s] * scale + shift));
          }
        }
      }
    }
  }

  /// Copies steps [skip, steps) of a tensor to the frames from `at` on.
  void read(FloatBuffer tensor, int steps, int skip, float[] frames, int at) {
    int width = width();
    for (int p = 0; p < outer; p++) {
      for (int t = skip; t < steps; t++) {
        tensor.get((p * steps + t) * inner, frames, (at + t - skip) * width + p * inner, inner);
      }
    }
  }
}
