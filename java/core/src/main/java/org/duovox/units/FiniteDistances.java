package org.duovox.units;

import java.nio.ByteBuffer;

/// Finds values for which squared distances would not be finite: NaN, infinities and very large
/// ones.
public final class FiniteDistances {
  private static final int MAGNITUDE = 0x7FFF_FFFF;
  // Differences of vectors, also of the residuals of residual k-means, are at most this much
  // larger.
  private static final double GROWTH = 4;

  private FiniteDistances() {}

  /// The largest value of a vector of this width for which squared distances are finite 32-bit
  /// floats.
  static float largest(int width) {
    return (float) (Math.sqrt(Float.MAX_VALUE / (double) width) / GROWTH);
  }

  /// Returns the index of the first float of the remaining bytes that is NaN or too large for
  /// vectors of this width; -1 when there is none.
  public static int firstViolation(ByteBuffer floats, int width) {
    float largest = largest(width);
    int most = Float.floatToIntBits(largest);
    int from = floats.position();
    int count = floats.remaining() / Float.BYTES;
    int bad = 0;
    for (int i = 0; i < count; i++) {
      // The bits of magnitudes are ordered as their values; no branch, so that the loop vectorizes.
      bad |= most - (floats.getInt(from + i * Float.BYTES) & MAGNITUDE);
    }
    for (int i = 0; bad < 0 && i < count; i++) {
      if (!(Math.abs(floats.getFloat(from + i * Float.BYTES)) <= largest)) {
        return i;
      }
    }
    return -1;
  }

  /// Says what is wrong with such a value, in words that follow its place.
  public static String describe(float value, int width) {
    return Float.isFinite(value)
        ? "holds %s, beyond the %s from which on the squared norm of %d values may not be finite"
            .formatted(value, largest(width), width)
        : "holds %s, which is not finite".formatted(value);
  }
}
