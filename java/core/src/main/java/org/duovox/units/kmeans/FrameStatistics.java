package org.duovox.units.kmeans;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.duovox.internal.NativeRows;

/// Spread of some frames by dimension, and how many of them differ: what the units can come from.
public final class FrameStatistics {
  private final double[] sums;
  private final double[] squares;
  private final float[] first;
  private final Set<Integer> distinct = new HashSet<>();
  private long frames;
  private int skip; // Rows to pass by before the next one is taken.

  public FrameStatistics(int width) {
    this.sums = new double[width];
    this.squares = new double[width];
    this.first = new float[width];
  }

  /// Takes every `step`-th row of all that come.
  void add(NativeRows rows, int count, int step) {
    FloatBuffer values = rows.floats(0, count);
    float[] row = new float[sums.length];
    int i = skip;
    for (; i < count; i += step) {
      values.get(i * row.length, row);
      if (frames++ == 0) {
        System.arraycopy(row, 0, first, 0, row.length);
      }
      distinct.add(Arrays.hashCode(row));
      for (int j = 0; j < row.length; j++) {
        // Around the first frame, so that a large common offset does not hide a small spread.
        double value = (double) row[j] - first[j];
        sums[j] += value;
        squares[j] += value * value;
      }
    }
    skip = i - count;
  }

  long frames() {
    return frames;
  }

  /// Frames that differ from all others seen.
  int distinct() {
    return distinct.size();
  }

  int width() {
    return sums.length;
  }

  double variance(int dimension) {
    double mean = sums[dimension] / frames;
    return Math.max(0, squares[dimension] / frames - mean * mean);
  }

  /// The dimension with the largest variance.
  int widest() {
    int widest = 0;
    for (int j = 1; j < sums.length; j++) {
      widest = variance(j) > variance(widest) ? j : widest;
    }
    return widest;
  }

  double totalVariance() {
    double total = 0;
    for (int j = 0; j < sums.length; j++) {
      total += variance(j);
    }
    return total;
  }
}
