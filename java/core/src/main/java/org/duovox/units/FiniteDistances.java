package org.duovox.units;

import java.nio.ByteBuffer;

/// Looks for values that are NaN, infinite, or so large that squared distances would not be finite.
public final class FiniteDistances {
  private static final int MAGNITUDE = 0x7FFF_FFFF;
  // Differences of vectors, also of what residual k-means leaves, are at most so many times larger.
  private static final double GROWTH = 4;

  private FiniteDistances() {}

  /// The largest value of a vector whose squared distances to its like are finite 32-bit floats.
  static float largest(int width) {
    return (float) (Math.sqrt(Float.MAX_VALUE / (double) width) / GROWTH);
  }

  /// Index of the first float of the remaining bytes that is NaN or beyond the largest of vectors
  /// of this width, or -1.
  public static int firstViolation(ByteBuffer floats, int width) {
    float largest = largest(width);
    int most = Float.floatToIntBits(largest);
    int from = floats.position();
    int count = floats.remaining() / Float.BYTES;
    int bad = 0;
    for (int i = 0; i < count; i++) {
      // The bits of magnitudes are in their order; no branch, so that the loop vectorizes.
      bad |= most - (floats.getInt(from + i * Float.BYTES) & MAGNITUDE);
    }
    for (int i = 0; bad < 0 && i < count; i++) {
      if (!(Math.abs(floats.getFloat(from + i * Float.BYTES)) <= largest)) {
        return i;
      }
    }
    return -1;
  }

  /// What is wrong with such a value, in words that follow its place.
  public static String describe(float value, int width) {
    return Float.isFinite(value)
        ? "holds %s, beyond the %s from which on the squared norm of %d values may not be finite"
            .formatted(value, largest(width), width)
        : "holds %s, which is not finite".formatted(value);
  }
}
