package org.duovox.speech.onnx;

import org.duovox.io.ArraySize;
import org.duovox.speech.Encoder;
import org.duovox.speech.onnx.OnnxModelConfig.Keep;
import org.duovox.speech.onnx.OnnxModelConfig.Tensor;

/// Which frames of a tensor are kept: arithmetic on frame centres in whole picoseconds, so that
/// nothing is rounded.
final class FrameTimes {
  private static final double PICOSECONDS_PER_MS = 1e9;
  private static final long PICOSECONDS_PER_SAMPLE = 1_000_000_000_000L / Encoder.SAMPLE_RATE;

  private FrameTimes() {}

  /// The first frame that is kept.
  static int first(Tensor tensor) {
    long offset = picoseconds(tensor.offsetMs());
    return tensor.keep() == Keep.ALL || offset >= 0
        ? 0
        : ArraySize.of(
            "offset_ms " + tensor.offsetMs() + " in frames",
            -Math.floorDiv(offset, picoseconds(tensor.intervalMs())));
  }

  /// One past the last frame that is kept of `frames` frames; at least [#first].
  static int end(Tensor tensor, int frames, int samples) {
    int end = frames;
    if (tensor.keep() == Keep.INSIDE) {
      long room = samples * PICOSECONDS_PER_SAMPLE - picoseconds(tensor.offsetMs());
      // Centres strictly before the end: the smallest k with k * interval >= room.
      end = (int) Math.min(frames, -Math.floorDiv(-room, picoseconds(tensor.intervalMs())));
    }
    return Math.max(end, first(tensor));
  }

  /// Centre of the first frame that is kept, in milliseconds.
  static double offsetMs(Tensor tensor) {
    long interval = picoseconds(tensor.intervalMs());
    return (picoseconds(tensor.offsetMs()) + first(tensor) * interval) / PICOSECONDS_PER_MS;
  }

  private static long picoseconds(double ms) {
    return Math.round(ms * PICOSECONDS_PER_MS);
  }
}
