package org.duovox.eval;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;

/// 95 % intervals by the percentile bootstrap over groups of items, such as the utterances of a
/// speaker, which are more alike than those of two speakers: an interval over utterances alone says
/// nothing about other speakers and is too narrow.
///
/// @param draws how many resamples
/// @param seed of the resampling
public record ClusterBootstrap(int draws, long seed) {
  /// What is drawn again.
  public enum Resample {
    /// Whole groups, each with all its items.
    GROUPS,
    /// Groups, and in each of them items.
    GROUPS_AND_ITEMS
  }

  /// Returns a bootstrap of 1000 draws.
  public static ClusterBootstrap seeded(long seed) {
    return new ClusterBootstrap(Bootstrap.DEFAULT_DRAWS, seed);
  }

  /// Estimates any statistic of items.
  ///
  /// @param groups name of each item's group
  /// @param statistic computes the score of the items at these indices, which may repeat; resamples
  ///   for which it is NaN are left out
  /// @return the score with its interval; `n` is the number of groups. Without two groups there is
  ///   no interval
  public Estimate of(List<String> groups, Resample what, ToDoubleFunction<int[]> statistic) {
    int[][] members = members(groups);
    int[] all = new int[groups.size()];
    Arrays.setAll(all, i -> i);
    double value = statistic.applyAsDouble(all);
    if (members.length < 2 || Double.isNaN(value)) {
      return new Estimate(value, Double.NaN, Double.NaN, members.length, seed);
    }
    SplittableRandom random = new SplittableRandom(seed);
    double[] resampled = new double[draws];
    for (int draw = 0; draw < draws; draw++) {
      resampled[draw] = statistic.applyAsDouble(resample(members, what, random));
    }
    return new Bootstrap(draws, seed).interval(value, resampled, members.length);
  }

  /// Estimates the mean of values.
  public Estimate mean(List<String> groups, Resample what, double[] values) {
    return of(
        groups,
        what,
        indices -> Arrays.stream(indices).mapToDouble(i -> values[i]).average().orElse(Double.NaN));
  }

  /// Returns the items of each group, groups in the order of their first item.
  private static int[][] members(List<String> groups) {
    Map<String, Integer> numbers = new HashMap<>();
    int[] group =
        groups.stream().mapToInt(g -> numbers.computeIfAbsent(g, k -> numbers.size())).toArray();
    int[] sizes = new int[numbers.size()];
    Arrays.stream(group).forEach(g -> sizes[g]++);
    int[][] members = new int[sizes.length][];
    Arrays.setAll(members, g -> new int[sizes[g]]);
    for (int i = group.length - 1; i >= 0; i--) {
      members[group[i]][--sizes[group[i]]] = i;
    }
    return members;
  }

  private static int[] resample(int[][] members, Resample what, SplittableRandom random) {
    int[][] drawn = new int[members.length][];
    for (int g = 0; g < drawn.length; g++) {
      drawn[g] = members[random.nextInt(members.length)];
    }
    int[] indices = new int[Arrays.stream(drawn).mapToInt(group -> group.length).sum()];
    int size = 0;
    for (int[] group : drawn) {
      for (int i = 0; i < group.length; i++) {
        indices[size++] = what == Resample.GROUPS ? group[i] : group[random.nextInt(group.length)];
      }
    }
    return indices;
  }
}
