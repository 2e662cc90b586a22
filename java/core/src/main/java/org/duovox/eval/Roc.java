package org.duovox.eval;

import java.util.Arrays;

/// The area under the ROC curve (AUC) of distances that tell pairs of the same class from others:
/// how often a pair of the class is nearer than one that is not, ties counting half.
///
/// 1 when all pairs of the class are nearer than all others, 0.5 for chance. Undefined (NaN) when
/// there is no pair of one of both kinds, or a distance is NaN. Prepared like [Spearman], so that
/// resamples cost linear time.
public final class Roc {
  private final int[] levels;
  private final int distinct;
  private final boolean[] same;
  private final boolean defined;

  /// Prepares a sample of distances and whether each is of a pair of the same class.
  public Roc(double[] distances, boolean[] same) {
    if (distances.length != same.length) {
      throw new IllegalArgumentException(
          "lengths differ: " + distances.length + ", " + same.length);
    }
    this.same = same.clone();
    this.levels = Spearman.levels(distances);
    this.distinct = 1 + Arrays.stream(levels).max().orElse(-1);
    this.defined = Arrays.stream(distances).noneMatch(Double::isNaN);
  }

  /// Returns the area for the whole sample.
  public double value() {
    int[] once = new int[levels.length];
    Arrays.fill(once, 1);
    return weighted(once);
  }

  /// Returns the area for the pairs at these indices, which may repeat.
  public double value(int[] indices) {
    int[] weights = new int[levels.length];
    for (int index : indices) {
      weights[index]++;
    }
    return weighted(weights);
  }

  /// Returns the area when each pair occurs so many times.
  public double weighted(int[] weights) {
    if (!defined) {
      return Double.NaN;
    }
    long[] inside = new long[distinct];
    long[] outside = new long[distinct];
    for (int i = 0; i < levels.length; i++) {
      (same[i] ? inside : outside)[levels[i]] += weights[i];
    }
    double wins = 0;
    long farther = Arrays.stream(outside).sum();
    double all = (double) farther * Arrays.stream(inside).sum();
    for (int level = 0; level < distinct; level++) {
      farther -= outside[level];
      wins += inside[level] * (farther + outside[level] / 2.0);
    }
    return wins / all;
  }

  /// Returns the number of pairs of the same class.
  int alike() {
    int count = 0;
    for (boolean each : same) {
      count += each ? 1 : 0;
    }
    return count;
  }
}
