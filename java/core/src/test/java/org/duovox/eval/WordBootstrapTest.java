package org.duovox.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.ForkJoinPool;
import org.duovox.eval.SsimiData.Pair;
import org.junit.jupiter.api.Test;

/// Intervals over words: what a draw is, that they are the same again, and how wide they are.
class WordBootstrapTest {
  private static Pair pair(String one, String two, double human) {
    return new Pair("synthetic", "d", one, two, human);
  }

  @Test
  void aPairOccursAsOftenAsItsWordsTogether() {
    List<Pair> pairs = List.of(pair("a", "b", 1), pair("b", "c", 2), pair("c", "c", 3));
    List<int[]> seen = new ArrayList<>();
    Estimate estimate =
        new WordBootstrap(pairs, 1)
            .of(occurrences -> {
              synchronized (seen) {
                seen.add(occurrences.clone());
              }
              return new double[] {occurrences[0]};
            })
            .getFirst();
    assertEquals(3, estimate.n());
    assertEquals(1, estimate.value(), "the sample itself");
    assertEquals(1 + Bootstrap.DEFAULT_DRAWS, seen.size());
    for (int[] occurrences : seen) {
      int c = occurrences[2];
      boolean possible = false;
      for (int a = 0; a <= 3 - c; a++) {
        int b = 3 - c - a;
        possible |= occurrences[0] == a * b && occurrences[1] == b * c;
      }
      assertTrue(possible, Arrays.toString(occurrences));
    }
  }

  @Test
  void isTheSameWithAnyNumberOfThreads() throws Exception {
    List<Pair> pairs = allPairs(12, 3);
    double[] scores = new SplittableRandom(9).doubles(pairs.size()).toArray();
    Spearman spearman = new Spearman(pairs.stream().mapToDouble(Pair::human).toArray(), scores);
    Estimate here = estimate(pairs, spearman);
    try (ForkJoinPool one = new ForkJoinPool(1)) {
      assertEquals(here, one.submit(() -> estimate(pairs, spearman)).get());
    }
  }

  /// Scores that differ by word, not by pair: other words would give another mean, and the interval
  /// over pairs does not see it.
  @Test
  void isWiderThanOverPairsWhereWordsDiffer() {
    int words = 15;
    double[] effect = new SplittableRandom(2).doubles(words).toArray();
    List<Pair> pairs = allPairs(words, 1);
    double[] scores =
        pairs.stream()
            .mapToDouble(p -> effect[number(p.word1())] + effect[number(p.word2())])
            .toArray();
    Estimate overPairs = Bootstrap.seeded(1).mean(scores);
    Estimate overWords = new WordBootstrap(pairs, 1).of(o -> mean(scores, o)).getFirst();
    assertEquals(overPairs.value(), overWords.value(), 1e-12);
    // By theory the variances are 4/n and 4/(n(n-1)) of that of the effects: √14, about 3.7.
    double ratio = width(overWords) / width(overPairs);
    assertTrue(ratio > 3 && ratio < 4.5, "ratio " + ratio);
  }

  @Test
  void errsOnTheSafeSideWherePairsShareNoWord() {
    List<Pair> pairs = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      pairs.add(pair("a" + i, "b" + i, i));
    }
    double[] scores = new SplittableRandom(5).doubles(200).toArray();
    Estimate overPairs = Bootstrap.seeded(1).mean(scores);
    Estimate overWords = new WordBootstrap(pairs, 1).of(o -> mean(scores, o)).getFirst();
    double ratio = width(overWords) / width(overPairs);
    assertTrue(ratio > 1.5 && ratio < 2.0, "ratio " + ratio);
  }

  /// Samples of 60 words, 300 pairs, whose distances differ by word as much as by pair: how often
  /// the 95 % intervals hold the true correlation.
  @Test
  void coversTheTruthWhereIntervalsOverPairsDoNot() {
    List<Estimate> overPairs = new ArrayList<>();
    List<Estimate> overWords = new ArrayList<>();
    for (int sample = 0; sample < 100; sample++) {
      Random random = new Random(sample);
      List<Pair> pairs = new ArrayList<>();
      double[] scores = sample(random, 60, 300, pairs);
      double[] negated = pairs.stream().mapToDouble(pair -> -pair.human()).toArray();
      Spearman spearman = new Spearman(negated, scores);
      overPairs.add(Bootstrap.seeded(1).of(scores.length, spearman::value));
      overWords.add(estimate(pairs, spearman));
    }
    double truth = overPairs.stream().mapToDouble(Estimate::value).average().orElseThrow();
    long pairs = overPairs.stream().filter(e -> e.low() <= truth && truth <= e.high()).count();
    long words = overWords.stream().filter(e -> e.low() <= truth && truth <= e.high()).count();
    assertTrue(pairs < 85, "over pairs " + pairs);
    assertTrue(words >= 93, "over words " + words);
  }

  private static double[] sample(Random random, int words, int size, List<Pair> pairs) {
    double[] effect = random.doubles(words, -1.7, 1.7).toArray();
    double[] scores = new double[size];
    for (int i = 0; i < size; i++) {
      int one = random.nextInt(words);
      int two = (one + 1 + random.nextInt(words - 1)) % words;
      double human = random.nextGaussian() + effect[one] * effect[two];
      scores[i] = random.nextGaussian() - 0.6 * human + effect[one] + effect[two];
      pairs.add(pair("w" + one, "w" + two, human));
    }
    return scores;
  }

  private static Estimate estimate(List<Pair> pairs, Spearman spearman) {
    return new WordBootstrap(pairs, 7).of(o -> new double[] {spearman.weighted(o)}).getFirst();
  }

  private static double[] mean(double[] scores, int[] occurrences) {
    double sum = 0;
    int n = 0;
    for (int i = 0; i < scores.length; i++) {
      sum += scores[i] * occurrences[i];
      n += occurrences[i];
    }
    return new double[] {sum / n};
  }

  private static double width(Estimate estimate) {
    return estimate.high() - estimate.low();
  }

  private static int number(String word) {
    return Integer.parseInt(word.substring(1));
  }

  private static List<Pair> allPairs(int words, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Pair> pairs = new ArrayList<>();
    for (int i = 0; i < words; i++) {
      for (int j = 0; j < i; j++) {
        pairs.add(pair("w" + i, "w" + j, random.nextInt(10)));
      }
    }
    return pairs;
  }
}
