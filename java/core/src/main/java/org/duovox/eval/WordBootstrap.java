package org.duovox.eval;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.duovox.eval.SsimiData.Pair;

/// 95 % intervals of statistics of word pairs over the choice of *words*.
///
/// Pairs that share a word are not independent, so resampling pairs alone makes intervals too
/// narrow where words differ. Here words are drawn with replacement, as many as there are, and a
/// pair occurs as often as the product of both words' occurrences (the pigeonhole bootstrap of Owen
/// 2007). It errs on the safe side: where no two pairs share a word, the interval is about 1.7
/// times as wide as that over pairs.
///
/// The same seed gives the same intervals with any number of threads.
final class WordBootstrap {
  private final int[] one;
  private final int[] two;
  private final int words;
  private final long seed;

  WordBootstrap(List<Pair> pairs, long seed) {
    Map<String, Integer> numbers = new HashMap<>();
    this.one = new int[pairs.size()];
    this.two = new int[pairs.size()];
    for (int i = 0; i < one.length; i++) {
      one[i] = numbers.computeIfAbsent(pairs.get(i).word1(), word -> numbers.size());
      two[i] = numbers.computeIfAbsent(pairs.get(i).word2(), word -> numbers.size());
    }
    this.words = numbers.size();
    this.seed = seed;
  }

  /// Estimates several statistics at once, all on the same draws of words.
  ///
  /// @param statistics computes them when each pair occurs so many times; runs on several threads
  /// @return an estimate of each; n is the number of words
  List<Estimate> of(Function<int[], double[]> statistics) {
    int[] once = new int[one.length];
    Arrays.fill(once, 1);
    double[] values = statistics.apply(once);
    long[] seeds = new SplittableRandom(seed).longs(Bootstrap.DEFAULT_DRAWS).toArray();
    double[][] draws =
        Arrays.stream(seeds)
            .parallel()
            .mapToObj(each -> statistics.apply(occurrences(each)))
            .toArray(double[][]::new);
    return IntStream.range(0, values.length)
        .mapToObj(k -> estimate(values[k], Arrays.stream(draws).mapToDouble(d -> d[k]).toArray()))
        .toList();
  }

  private Estimate estimate(double value, double[] draws) {
    double[] resampled = Double.isNaN(value) ? new double[0] : draws;
    return new Bootstrap(Bootstrap.DEFAULT_DRAWS, seed).interval(value, resampled, words);
  }

  /// Draws words and returns how often each pair occurs then.
  private int[] occurrences(long drawSeed) {
    SplittableRandom random = new SplittableRandom(drawSeed);
    int[] drawn = new int[words];
    for (int i = 0; i < words; i++) {
      drawn[random.nextInt(words)]++;
    }
    int[] pairs = new int[one.length];
    Arrays.setAll(pairs, i -> one[i] == two[i] ? drawn[one[i]] : drawn[one[i]] * drawn[two[i]]);
    return pairs;
  }
}
