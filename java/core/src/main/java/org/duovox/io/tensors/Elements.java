package org.duovox.io.tensors;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;

/// Conversions from the little-endian bytes of a tensor to Java numbers.
final class Elements {
  private Elements() {}

  /// Appends all elements of the bytes to the target.
  static void toFloats(DType dtype, ByteBuffer bytes, FloatBuffer target) {
    switch (dtype) {
      case F32 -> target.put(bytes.asFloatBuffer());
      case F64 -> {
        while (bytes.hasRemaining()) {
          target.put((float) bytes.getDouble());
        }
      }
      case F16 -> {
        while (bytes.hasRemaining()) {
          target.put(Float.float16ToFloat(bytes.getShort()));
        }
      }
      case BF16 -> {
        while (bytes.hasRemaining()) {
          target.put(Float.intBitsToFloat(bytes.getShort() << 16));
        }
      }
      default -> throw new IllegalArgumentException(dtype + " holds no floating-point numbers");
    }
  }

  /// Stores all elements of the bytes from an index on and returns the index after the last. U64
  /// values above 2^63 - 1 come out negative.
  static int toLongs(DType dtype, ByteBuffer bytes, long[] target, int from) {
    int at = from;
    while (bytes.hasRemaining()) {
      target[at++] =
          switch (dtype) {
            case U8 -> Byte.toUnsignedLong(bytes.get());
            case I8 -> bytes.get();
            case I16 -> bytes.getShort();
            case U16 -> Short.toUnsignedLong(bytes.getShort());
            case I32 -> bytes.getInt();
            case U32 -> Integer.toUnsignedLong(bytes.getInt());
            case I64, U64 -> bytes.getLong();
            default -> throw new IllegalArgumentException(dtype + " holds no whole numbers");
          };
    }
    return at;
  }
}
