package org.duovox.io.tensors;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;

/// The element types of the safetensors format, named as in its headers.
public enum DType {
  BOOL(8),
  F4(4),
  F6_E2M3(6),
  F6_E3M2(6),
  U8(8),
  I8(8),
  F8_E5M2(8),
  F8_E4M3(8),
  F8_E8M0(8),
  F8_E4M3FNUZ(8),
  F8_E5M2FNUZ(8),
  I16(16),
  U16(16),
  F16(16),
  BF16(16),
  I32(32),
  U32(32),
  F32(32),
  C64(64),
  F64(64),
  I64(64),
  U64(64);

  private final int bits;

  DType(int bits) {
    this.bits = bits;
  }

  /// Bits of one element.
  public int bits() {
    return bits;
  }

  /// Bytes of one element.
  ///
  /// @throws IllegalStateException for a type of less than a byte
  public int bytes() {
    if (bits % 8 != 0) {
      throw new IllegalStateException(this + " elements are no whole bytes");
    }
    return bits / 8;
  }

  /// Whether its elements are numbers that may be NaN or infinite, other than 8-bit ones.
  public boolean isFloating() {
    return this == F32 || this == F64 || this == F16 || this == BF16;
  }

  boolean isInteger() {
    return switch (this) {
      case U8, I8, I16, U16, I32, U32, I64, U64 -> true;
      default -> false;
    };
  }

  /// Appends all elements of the bytes to the target, float64 rounded to the nearest float.
  ///
  /// @param bytes whole elements of this type, little-endian; consumed
  /// @throws IllegalArgumentException for a type that [#isFloating] does not hold for
  public void toFloats(ByteBuffer bytes, FloatBuffer target) {
    switch (this) {
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
      default -> throw new IllegalArgumentException(this + " holds no floating-point numbers");
    }
  }

  /// Stores all elements of the bytes from an index on and returns the index after the last. U64
  /// values above 2^63 - 1 come out negative.
  ///
  /// @param bytes whole elements of this type, little-endian; consumed
  int toLongs(ByteBuffer bytes, long[] target, int from) {
    int at = from;
    while (bytes.hasRemaining()) {
      target[at++] =
          switch (this) {
            case U8 -> Byte.toUnsignedLong(bytes.get());
            case I8 -> bytes.get();
            case I16 -> bytes.getShort();
            case U16 -> Short.toUnsignedLong(bytes.getShort());
            case I32 -> bytes.getInt();
            case U32 -> Integer.toUnsignedLong(bytes.getInt());
            case I64, U64 -> bytes.getLong();
            default -> throw new IllegalArgumentException(this + " holds no whole numbers");
          };
    }
    return at;
  }
}
