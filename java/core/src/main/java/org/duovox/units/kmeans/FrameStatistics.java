package org.duovox.units.kmeans;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.duovox.internal.NativeRows;

/// Statistics of frames, which explain a collapse: the variance of each dimension, and how many
/// frames differ.
public final class FrameStatistics {
  private final double[] sums;
  private final double[] squares;
  private final float[] first;
  private final Set<Integer> distinct = new HashSet<>();
  private long frames;
  private int skip; // Rows before the next one that is added.

  public FrameStatistics(int width) {
    this.sums = new double[width];
    this.squares = new double[width];
    this.first = new float[width];
  }

  /// Adds every `step`-th row of all that are given.
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

  /// Number of different frames.
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
