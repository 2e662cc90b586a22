package org.duovox.convert.checkpoint;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.duovox.convert.pickle.Malformed;
import org.duovox.io.tensors.DType;

/// Numbers of any floating-point type as floats, rounded to the nearest.
public final class FloatValues {
  private static final int CHUNK = 1 << 13;

  private FloatValues() {}

  /// Fills an array from little-endian elements.
  public static void read(InputStream elements, DType dtype, float[] values) throws IOException {
    byte[] chunk = new byte[CHUNK * dtype.bytes()];
    for (int from = 0; from < values.length; from += CHUNK) {
      int count = Math.min(CHUNK, values.length - from);
      int wanted = count * dtype.bytes();
      if (elements.readNBytes(chunk, 0, wanted) < wanted) {
        throw new EOFException("the numbers end early");
      }
      ByteBuffer buffer = ByteBuffer.wrap(chunk).order(ByteOrder.LITTLE_ENDIAN);
      for (int i = 0; i < count; i++) {
        values[from + i] = next(buffer, dtype);
        if (!Float.isFinite(values[from + i])) {
          throw new Malformed("the number at %d is too large for a float".formatted(from + i));
        }
      }
    }
  }

  private static float next(ByteBuffer buffer, DType dtype) {
    return switch (dtype) {
      case F32 -> buffer.getFloat();
      case F64 -> (float) buffer.getDouble();
      case F16 -> Float.float16ToFloat(buffer.getShort());
      default -> Float.intBitsToFloat(buffer.getShort() << 16); // BF16
    };
  }
}
