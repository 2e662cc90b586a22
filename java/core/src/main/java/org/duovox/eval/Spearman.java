package org.duovox.eval;

import java.util.Arrays;

/// Spearman's rank correlation of a sample, prepared so that resamples of it cost linear time.
///
/// Ties get their average rank; the result is Pearson's correlation of the ranks. It is NaN for
/// fewer than two values, when either side is constant, and when any value is NaN, as in
/// `scipy.stats.spearmanr`. Own code rather than Hipparchus (the oracle of the tests), which would
/// sort again for every one of the thousand draws of a bootstrap and takes the root of a rounded
/// R², which costs digits near zero.
public final class Spearman {
  private final int[] x;
  private final int[] y;
  private final boolean defined;

  /// Prepares a sample of pairs `(x[i], y[i])`.
  public Spearman(double[] x, double[] y) {
    if (x.length != y.length) {
      throw new IllegalArgumentException("lengths differ: " + x.length + " and " + y.length);
    }
    this.defined = noNaN(x) && noNaN(y);
    this.x = levels(x);
    this.y = levels(y);
  }

  /// Returns the correlation of two lists of equal length.
  public static double of(double[] x, double[] y) {
    return new Spearman(x, y).value();
  }

  /// Returns the correlation of the whole sample.
  public double value() {
    int[] all = new int[x.length];
    Arrays.setAll(all, i -> i);
    return value(all);
  }

  /// Returns the correlation of the pairs at these indices, which may repeat.
  public double value(int[] indices) {
    if (!defined || indices.length < 2) {
      return Double.NaN;
    }
    double[] rankX = centeredRanks(x, indices);
    double[] rankY = centeredRanks(y, indices);
    double xx = 0;
    double yy = 0;
    double xy = 0;
    for (int i = 0; i < indices.length; i++) {
      xx += rankX[i] * rankX[i];
      yy += rankY[i] * rankY[i];
      xy += rankX[i] * rankY[i];
    }
    return Math.clamp(xy / Math.sqrt(xx * yy), -1.0, 1.0);
  }

  /// Returns the correlation when each pair occurs so many times.
  public double weighted(int[] weights) {
    long n = Arrays.stream(weights).asLongStream().sum();
    if (!defined || n < 2) {
      return Double.NaN;
    }
    double[] rankX = levelRanks(x, weights, n);
    double[] rankY = levelRanks(y, weights, n);
    double xx = 0;
    double yy = 0;
    double xy = 0;
    for (int i = 0; i < weights.length; i++) {
      double one = rankX[x[i]];
      double two = rankY[y[i]];
      xx += weights[i] * one * one;
      yy += weights[i] * two * two;
      xy += weights[i] * one * two;
    }
    return Math.clamp(xy / Math.sqrt(xx * yy), -1.0, 1.0);
  }

  /// Returns the average rank of each level less the mean rank.
  private static double[] levelRanks(int[] levels, int[] weights, long n) {
    long[] count = new long[levels.length];
    for (int i = 0; i < levels.length; i++) {
      count[levels[i]] += weights[i];
    }
    double[] ranks = new double[levels.length];
    long below = 0;
    for (int level = 0; level < levels.length; level++) {
      ranks[level] = below + (count[level] + 1) / 2.0 - (n + 1) / 2.0;
      below += count[level];
    }
    return ranks;
  }

  /// Returns average ranks less their mean, which is (n + 1) / 2 with or without ties; found by
  /// counting, not by sorting.
  private static double[] centeredRanks(int[] levels, int[] indices) {
    int[] count = new int[levels.length];
    for (int index : indices) {
      count[levels[index]]++;
    }
    double[] rankOfLevel = new double[levels.length];
    int below = 0;
    for (int level = 0; level < levels.length; level++) {
      rankOfLevel[level] = below + (count[level] + 1) / 2.0;
      below += count[level];
    }
    double mean = (indices.length + 1) / 2.0;
    double[] ranks = new double[indices.length];
    for (int i = 0; i < indices.length; i++) {
      ranks[i] = rankOfLevel[levels[indices[i]]] - mean;
    }
    return ranks;
  }

  /// Returns the position of each value among the distinct values.
  static int[] levels(double[] values) {
    // Adding 0.0 makes -0.0 equal to 0.0 in the total order that the binary search uses.
    double[] distinct = Arrays.stream(values).map(v -> v + 0.0).sorted().distinct().toArray();
    int[] levels = new int[values.length];
    Arrays.setAll(levels, i -> Arrays.binarySearch(distinct, values[i] + 0.0));
    return levels;
  }

  private static boolean noNaN(double[] values) {
    return Arrays.stream(values).noneMatch(Double::isNaN);
  }
}
