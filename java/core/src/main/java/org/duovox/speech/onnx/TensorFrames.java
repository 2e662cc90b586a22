package org.duovox.speech.onnx;

import java.nio.FloatBuffer;
import org.duovox.io.ArraySize;
import org.duovox.speech.Frames;
import org.duovox.speech.onnx.OnnxModelConfig.Tensor;

/// The frames of one tensor as they come in, pass by pass. For one thread.
final class TensorFrames {
  private final Tensor tensor;
  private final int frames;
  private final float[] values;
  private int done;

  /// What one pass gave.
  record Values(TimeAxis layout, FloatBuffer buffer) {}

  /// @param steps of the whole input
  TensorFrames(Tensor tensor, int steps) {
    this.tensor = tensor;
    this.frames = tensor.frames(steps);
    this.values =
        new float[ArraySize.of("the frames of " + tensor.layer(), frames, tensor.width())];
  }

  Tensor tensor() {
    return tensor;
  }

  /// Frames of the whole input.
  int frames() {
    return frames;
  }

  /// Takes `count` frames, the first of which has the index `first`; those that are there already
  /// are passed over.
  void take(Values pass, int first, int count) {
    pass.layout().read(pass.buffer(), count, done - first, values, done);
    done = Math.max(done, first + count);
  }

  boolean isComplete() {
    return done == frames;
  }

  /// The input step where the next frame begins.
  int nextStep() {
    return done * tensor.stride();
  }

  Frames finish() {
    if (!isComplete()) {
      throw new IllegalStateException(tensor.layer() + ": " + done + " of " + frames + " frames");
    }
    return new Frames(values, frames, tensor.width());
  }
}
