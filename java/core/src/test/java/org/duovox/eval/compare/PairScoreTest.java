package org.duovox.eval.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.duovox.eval.Spearman;
import org.duovox.eval.compare.PairScore.Pairs;
import org.duovox.eval.compare.PairScore.Statistic;
import org.junit.jupiter.api.Test;

/// Checks AUC and Spearman's correlation of word pairs against their definitions, on whole samples
/// and on resamples of words.
final class PairScoreTest {
  private static final int WORDS = 12;

  /// All pairs of the words, with gold values and distances that have ties.
  private record Sample(Pairs pairs, double[] distances) {
    static Sample random(long seed) {
      Random random = new Random(seed);
      List<int[]> all = new ArrayList<>();
      for (int i = 0; i < WORDS; i++) {
        for (int j = i + 1; j < WORDS; j++) {
          all.add(new int[] {i, j});
        }
      }
      double[] gold = all.stream().mapToDouble(pair -> random.nextInt(4) / 4.0).toArray();
      double[] distances = all.stream().mapToDouble(pair -> random.nextInt(9)).toArray();
      int[] first = all.stream().mapToInt(pair -> pair[0]).toArray();
      int[] second = all.stream().mapToInt(pair -> pair[1]).toArray();
      return new Sample(new Pairs(WORDS, first, second, gold), distances);
    }

    double score(Statistic statistic, int... counts) {
      return new PairScore(pairs, distances, statistic, 0.5).value(counts);
    }

    /// Returns the pairs written out as often as they count, {gold, distance} each.
    List<double[]> writtenOut(int... counts) {
      List<double[]> all = new ArrayList<>();
      for (int i = 0; i < distances.length; i++) {
        int times = counts[pairs.first()[i]] * counts[pairs.second()[i]];
        for (int k = 0; k < times; k++) {
          all.add(new double[] {pairs.gold()[i], distances[i]});
        }
      }
      return all;
    }
  }

  private static int[] drawn(long seed) {
    Random random = new Random(seed);
    int[] counts = new int[WORDS];
    for (int i = 0; i < WORDS; i++) {
      counts[random.nextInt(WORDS)]++;
    }
    return counts;
  }

  @Test
  void spearmanIsThatOfThePairsWrittenOut() {
    for (int seed = 0; seed < 20; seed++) {
      Sample sample = Sample.random(seed);
      int[] counts = drawn(seed);
      List<double[]> all = sample.writtenOut(counts);
      double expected =
          100
              * Spearman.of(
                  all.stream().mapToDouble(pair -> -pair[0]).toArray(),
                  all.stream().mapToDouble(pair -> pair[1]).toArray());
      assertEquals(expected, sample.score(Statistic.SPEARMAN, counts), 1e-9);
    }
  }

  @Test
  void aucIsTheShareOfPairsInTheRightOrder() {
    for (int seed = 0; seed < 20; seed++) {
      Sample sample = Sample.random(seed);
      int[] counts = drawn(seed);
      double right = 0;
      double all = 0;
      for (double[] similar : sample.writtenOut(counts)) {
        for (double[] other : sample.writtenOut(counts)) {
          if (similar[0] >= 0.5 && other[0] < 0.5) {
            all++;
            right += similar[1] < other[1] ? 1 : similar[1] == other[1] ? 0.5 : 0;
          }
        }
      }
      assertEquals(right / all, sample.score(Statistic.AUC, counts), 1e-12);
    }
  }

  @Test
  void aModelThatKnowsTheGoldIsPerfect() {
    Pairs pairs = Sample.random(1).pairs();
    double[] negated = Arrays.stream(pairs.gold()).map(value -> -value).toArray();
    assertEquals(1, new PairScore(pairs, negated, Statistic.AUC, 0.5).value());
    assertEquals(100, new PairScore(pairs, negated, Statistic.SPEARMAN, 0.5).value(), 1e-9);
    assertEquals(0, new PairScore(pairs, pairs.gold(), Statistic.AUC, 0.5).value());
  }

  @Test
  void anUndefinedDistanceOrNoSimilarPairGivesNoScore() {
    Sample sample = Sample.random(1);
    double[] broken = sample.distances().clone();
    broken[3] = Double.NaN;
    assertTrue(Double.isNaN(new PairScore(sample.pairs(), broken, Statistic.AUC, 0.5).value()));
    assertTrue(
        Double.isNaN(new PairScore(sample.pairs(), sample.distances(), Statistic.AUC, 2).value()));
  }
}
