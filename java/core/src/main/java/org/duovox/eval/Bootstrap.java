package org.duovox.eval;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;

/// 95 % intervals by the percentile bootstrap: the statistic of many resamples, with replacement,
/// of the items.
///
/// The same seed gives the same interval on every machine. An interval speaks of the items: with
/// other words of the same speakers and the same trained model, not with another model.
///
/// @param draws how many resamples
/// @param seed of the resampling
public record Bootstrap(int draws, long seed) {
  /// The number of draws where none is given.
  public static final int DEFAULT_DRAWS = 1000;

  private static final double TAIL = 0.025;

  public Bootstrap {
    if (draws < 1) {
      throw new IllegalArgumentException("a bootstrap needs at least one draw, not " + draws);
    }
  }

  /// Returns a bootstrap of 1000 draws.
  public static Bootstrap seeded(long seed) {
    return new Bootstrap(DEFAULT_DRAWS, seed);
  }

  /// Estimates the mean of the values; NaN for none.
  public Estimate mean(double[] values) {
    return of(values.length, indices -> mean(values, indices));
  }

  /// Estimates any statistic of n items.
  ///
  /// @param n number of items
  /// @param statistic computes the score of the items at n indices, which may repeat; the array is
  ///   reused between calls. Resamples for which it is NaN (say, a correlation when all drawn items
  ///   are equal) are left out
  public Estimate of(int n, ToDoubleFunction<int[]> statistic) {
    int[] indices = new int[n];
    Arrays.setAll(indices, i -> i);
    double value = statistic.applyAsDouble(indices);
    if (n == 0 || Double.isNaN(value)) {
      return new Estimate(value, Double.NaN, Double.NaN, n, seed);
    }
    SplittableRandom random = new SplittableRandom(seed);
    double[] resampled = new double[draws];
    for (int draw = 0; draw < draws; draw++) {
      Arrays.setAll(indices, i -> random.nextInt(n));
      resampled[draw] = statistic.applyAsDouble(indices);
    }
    return interval(value, resampled, n);
  }

  /// Estimates the plain mean of the means of several groups (folds), each resampled within itself;
  /// empty groups are left out.
  public Estimate meanOfGroups(List<double[]> groups) {
    List<double[]> filled = groups.stream().filter(group -> group.length > 0).toList();
    int n = filled.stream().mapToInt(group -> group.length).sum();
    if (n == 0) {
      return new Estimate(Double.NaN, Double.NaN, Double.NaN, 0, seed);
    }
    SplittableRandom random = new SplittableRandom(seed);
    double value = filled.stream().mapToDouble(Bootstrap::plainMean).average().orElseThrow();
    double[] resampled = new double[draws];
    for (int draw = 0; draw < draws; draw++) {
      resampled[draw] =
          filled.stream()
              .mapToDouble(group -> resampledMean(group, random))
              .average()
              .orElseThrow();
    }
    return interval(value, resampled, n);
  }

  Estimate interval(double value, double[] resampled, int n) {
    double[] sorted = Arrays.stream(resampled).filter(v -> !Double.isNaN(v)).sorted().toArray();
    return new Estimate(value, quantile(sorted, TAIL), quantile(sorted, 1 - TAIL), n, seed);
  }

  /// Returns a quantile by linear interpolation between order statistics, the definition that numpy
  /// and R use by default.
  static double quantile(double[] sorted, double probability) {
    if (sorted.length == 0) {
      return Double.NaN;
    }
    double position = probability * (sorted.length - 1);
    int below = (int) position;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
  }

  private static double mean(double[] values, int[] indices) {
    double sum = 0;
    for (int index : indices) {
      sum += values[index];
    }
    return sum / indices.length;
  }

  private static double plainMean(double[] values) {
    return Arrays.stream(values).sum() / values.length;
  }

  private static double resampledMean(double[] values, SplittableRandom random) {
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      sum += values[random.nextInt(values.length)];
    }
    return sum / values.length;
  }
}
