package org.duovox.eval.compare;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/// Holm's correction of the p values of several comparisons (Holm 1979): the chance that any of
/// them is called different by accident stays below the level, whatever depends on what.
public final class Holm {
  private Holm() {}

  /// Returns the corrected p values, in the order of the given ones. NaN (no result) stays NaN and
  /// does not count.
  public static double[] corrected(double[] p) {
    int[] order =
        IntStream.range(0, p.length)
            .filter(i -> !Double.isNaN(p[i]))
            .boxed()
            .sorted(Comparator.comparingDouble(i -> p[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    double[] corrected = new double[p.length];
    Arrays.fill(corrected, Double.NaN);
    double largest = 0;
    for (int rank = 0; rank < order.length; rank++) {
      largest = Math.max(largest, Math.min(1, (order.length - rank) * p[order[rank]]));
      corrected[order[rank]] = largest;
    }
    return corrected;
  }
}
