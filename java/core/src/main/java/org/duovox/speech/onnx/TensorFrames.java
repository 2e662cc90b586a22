package org.duovox.speech.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import org.duovox.DuovoxException;
import org.duovox.io.ArraySize;
import org.duovox.speech.Frames;
import org.duovox.speech.onnx.OnnxModelConfig.Tensor;

/// The frames of one tensor, collected pass by pass. For one thread.
final class TensorFrames {
  private final Path file;
  private final Tensor tensor;
  private final int frames;
  private final float[] values;
  private int done;

  /// @param file of the model, for messages
  /// @param steps of the whole input
  TensorFrames(Path file, Tensor tensor, int steps) {
    this.file = file;
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

  /// Adds the frames that a pass gave, without those that earlier passes gave.
  ///
  /// @param first index of its first frame among all
  /// @param count frames of the pass
  /// @throws DuovoxException (BAD_CONFIG) when the tensor has another shape than the config says
  void add(OrtSession.Result pass, int first, int count) throws OrtException {
    OnnxValue value =
        pass.get(tensor.tensor()).orElseThrow(() -> new IllegalStateException(tensor.tensor()));
    if (!(value instanceof OnnxTensor result) || !(result.getInfo() instanceof TensorInfo info)) {
      throw DuovoxException.config(
          "%s: %s is a %s, not a tensor".formatted(file, tensor.tensor(), value.getType()));
    }
    TimeAxis layout = requireLayout(info.getShape(), count);
    layout.read(floats(result, info), count, done - first, values, done);
    done = Math.max(done, first + count);
  }

  private TimeAxis requireLayout(long[] shape, int count) {
    int axis = tensor.timeAxis();
    boolean fits = axis < shape.length && shape[axis] == count;
    TimeAxis layout = fits ? TimeAxis.of(shape, axis) : null;
    if (layout == null || layout.width() != tensor.width()) {
      throw DuovoxException.config(
          "%s: tensor %s has the shape %s; the config says %d values for each of %d frames along axis %d (stride %d, receptive field %d)"
              .formatted(
                  file,
                  tensor.tensor(),
                  Arrays.toString(shape),
                  tensor.width(),
                  count,
                  axis,
                  tensor.stride(),
                  tensor.receptiveField()));
    }
    return layout;
  }

  /// The values of a result; whole numbers, such as codes, become floats.
  private FloatBuffer floats(OnnxTensor result, TensorInfo info) {
    return switch (info.type) {
      case FLOAT, FLOAT16, BFLOAT16 -> result.getFloatBuffer();
      case INT32 -> of(result.getIntBuffer());
      case INT64 -> of(result.getLongBuffer());
      default ->
          throw DuovoxException.config(
              "%s: tensor %s holds %s; this program reads float, float16, bfloat16, int32 and int64"
                  .formatted(file, tensor.tensor(), info.type.toString().toLowerCase(Locale.ROOT)));
    };
  }

  private static FloatBuffer of(IntBuffer ints) {
    FloatBuffer floats = FloatBuffer.allocate(ints.remaining());
    while (ints.hasRemaining()) {
      floats.put(ints.get());
    }
    return floats.flip();
  }

  private static FloatBuffer of(LongBuffer longs) {
    FloatBuffer floats = FloatBuffer.allocate(longs.remaining());
    while (longs.hasRemaining()) {
      floats.put(longs.get());
    }
    return floats.flip();
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
