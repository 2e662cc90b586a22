package org.duovox.units;

import java.nio.ByteBuffer;

/// Looks for values that are NaN or infinite.
final class Finite {
  private static final int EXPONENT = 0x7F80_0000;

  private Finite() {}

  /// Index of the first float of the remaining bytes that is NaN or infinite, or -1.
  static int firstOther(ByteBuffer floats) {
    int from = floats.position();
    int count = floats.remaining() / Float.BYTES;
    int bad = 0;
    for (int i = 0; i < count; i++) {
      // Negative only where the exponent is all ones; no branch, so that the loop vectorizes.
      bad |= EXPONENT - 1 - (floats.getInt(from + i * Float.BYTES) & EXPONENT);
    }
    for (int i = 0; bad < 0 && i < count; i++) {
      if (!Float.isFinite(floats.getFloat(from + i * Float.BYTES))) {
        return i;
      }
    }
    return -1;
  }
}
