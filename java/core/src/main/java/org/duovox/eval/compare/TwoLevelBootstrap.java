package org.duovox.eval.compare;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// The two-level bootstrap over seeds and items.
///
/// Seeds are drawn with replacement, and items within them. The items are the same for all seeds
/// and systems (the test set), so that one draw of items serves the whole resample: seeds and items
/// are crossed. What two systems have in common, seed by seed and item by item, cancels in their
/// difference.
///
/// A bootstrap of 3 to 5 seeds sees only (S-1)/S of their variance, and percentiles of it are too
/// narrow. So the resamples give the standard error, which the missing part s²/S² is added to (s²:
/// the sample variance of the seeds' effects), and the interval is Student's t with Satterthwaite's
/// degrees of freedom. Simulations in the tests hold its coverage to 95 %.
///
/// With one seed the error is that of the items alone: it says nothing of other trainings.
///
/// @param draws how many resamples
/// @param seed of the resampling
public record TwoLevelBootstrap(int draws, long seed) {
  /// The number of draws where none is given.
  public static final int DEFAULT_DRAWS = 1000;

  public TwoLevelBootstrap {
    if (draws < 2) {
      throw new IllegalArgumentException("a standard error needs at least two draws, not " + draws);
    }
  }

  /// Returns a bootstrap of 1000 draws.
  public static TwoLevelBootstrap seeded(long seed) {
    return new TwoLevelBootstrap(DEFAULT_DRAWS, seed);
  }

  /// Estimates the mean score of a system.
  ///
  /// @param models one score per seed, of the same items
  public Effect score(List<ItemScore> models) {
    requireSameItems(models);
    return of(
        models.getFirst().strata(), models.size(), (s, counts) -> models.get(s).value(counts));
  }

  /// Estimates how much better `one` is than `other`.
  ///
  /// @param one a score per seed
  /// @param other a score per seed, in the order of the same seeds, of the same items
  public Effect difference(List<ItemScore> one, List<ItemScore> other) {
    requireSameItems(one);
    requireSameItems(other);
    if (one.size() != other.size() || !one.getFirst().strata().equals(other.getFirst().strata())) {
      throw new IllegalArgumentException("two systems are compared on the same seeds and items");
    }
    return of(
        one.getFirst().strata(),
        one.size(),
        (s, counts) -> one.get(s).value(counts) - other.get(s).value(counts));
  }

  private static void requireSameItems(List<ItemScore> models) {
    if (models.stream().map(ItemScore::strata).distinct().count() != 1) {
      throw new IllegalArgumentException("all seeds must have scored the same items");
    }
  }

  /// The effect of one seed for any counts of the items.
  private interface SeedEffect {
    double of(int seed, int[] counts);
  }

  private Effect of(List<Integer> strata, int seeds, SeedEffect effect) {
    int items = strata.stream().mapToInt(Integer::intValue).sum();
    int[] once = new int[items];
    Arrays.fill(once, 1);
    double[] bySeed = IntStream.range(0, seeds).mapToDouble(s -> effect.of(s, once)).toArray();
    double value = Arrays.stream(bySeed).average().orElseThrow();
    if (Double.isNaN(value)) {
      return Effect.undefined(seeds, items);
    }
    double resampled = variance(resample(strata, items, seeds, effect));
    double betweenSeeds = seeds > 1 ? variance(bySeed) : 0;
    double all = resampled + betweenSeeds / ((double) seeds * seeds);
    double degrees = degrees(all, betweenSeeds / seeds, seeds, items);
    return Effect.of(value, Math.sqrt(all), degrees, seeds, items);
  }

  /// Returns the effects of all resamples in which it is defined. The draws are made on any number
  /// of threads, each from its own generator, with the same results.
  private double[] resample(List<Integer> strata, int items, int seeds, SeedEffect effect) {
    SplittableRandom random = new SplittableRandom(seed);
    List<SplittableRandom> generators =
        IntStream.range(0, draws).mapToObj(draw -> random.split()).toList();
    return generators.parallelStream()
        .mapToDouble(generator -> resample(strata, items, seeds, effect, generator))
        .filter(value -> !Double.isNaN(value))
        .toArray();
  }

  private static double resample(
      List<Integer> strata, int items, int seeds, SeedEffect effect, SplittableRandom random) {
    int[] drawnSeeds = new int[seeds];
    for (int i = 0; i < seeds; i++) {
      drawnSeeds[random.nextInt(seeds)]++;
    }
    int[] counts = new int[items];
    int begin = 0;
    for (int stratum : strata) {
      for (int i = 0; i < stratum; i++) {
        counts[begin + random.nextInt(stratum)]++;
      }
      begin += stratum;
    }
    double sum = 0;
    for (int s = 0; s < seeds; s++) {
      sum += drawnSeeds[s] == 0 ? 0 : drawnSeeds[s] * effect.of(s, counts);
    }
    return sum / seeds;
  }

  private static double variance(double[] values) {
    if (values.length < 2) {
      return 0;
    }
    double mean = Arrays.stream(values).average().orElseThrow();
    return Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum() / (values.length - 1);
  }

  /// Returns Satterthwaite's degrees of freedom of a variance that is the sum of a part over seeds
  /// and a part over items.
  private static double degrees(double all, double ofSeeds, int seeds, int items) {
    double bySeeds = Math.min(ofSeeds, all);
    double byItems = all - bySeeds;
    double sum =
        (seeds > 1 ? bySeeds * bySeeds / (seeds - 1) : 0)
            + byItems * byItems / Math.max(1, items - 1);
    return sum > 0 ? all * all / sum : Math.max(1, items - 1.0);
  }
}
