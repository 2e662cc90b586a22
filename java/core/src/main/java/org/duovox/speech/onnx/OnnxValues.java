package org.duovox.speech.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.TensorInfo;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.Locale;
import org.duovox.DuovoxException;

/// The values of a tensor that the runtime gave, as floats.
final class OnnxValues {
  private OnnxValues() {}

  /// Its values; whole numbers, such as codes, become floats.
  ///
  /// @param where file and tensor, for messages
  static FloatBuffer floats(OnnxTensor tensor, TensorInfo info, String where) {
    return switch (info.type) {
      case FLOAT, FLOAT16, BFLOAT16 -> tensor.getFloatBuffer();
      case INT32 -> of(tensor.getIntBuffer());
      case INT64 -> of(tensor.getLongBuffer());
      default ->
          throw DuovoxException.config(
              "%s holds %s; this program reads float, float16, bfloat16, int32 and int64"
                  .formatted(where, info.type.toString().toLowerCase(Locale.ROOT)));
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
}
