package org.duovox.speech;

import java.util.function.IntPredicate;

/// The smallest length of audio that is enough for something.
public final class LeastSamples {
  private LeastSamples() {}

  /// The smallest positive number that `enough` holds for; it must hold for every larger one too.
  public static int where(IntPredicate enough) {
    int low = 0;
    int high = 1;
    while (!enough.test(high)) {
      low = high;
      high = Math.multiplyExact(high, 2);
    }
    while (high - low > 1) {
      int middle = (low + high) >>> 1;
      if (enough.test(middle)) {
        high = middle;
      } else {
        low = middle;
      }
    }
    return high;
  }
}
