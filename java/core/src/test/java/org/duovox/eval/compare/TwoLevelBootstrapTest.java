package org.duovox.eval.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Checks the two-level bootstrap on simulated experiments whose truth is known.
final class TwoLevelBootstrapTest {
  private static final int EXPERIMENTS = 400;
  private static final int ITEMS = 60;

  /// The truth of a simulated experiment.
  private record World(int seeds, double effect, double seedSpread, double itemSpread) {
    /// Draws scores of two systems: hard items are hard for both, and each seed and item prefers
    /// one of the two.
    Effect experiment(Random random) {
      double[] difficulty = random.doubles(ITEMS, -1, 1).toArray();
      double[] preference = gaussians(random, ITEMS, itemSpread);
      List<ItemScore> one = new ArrayList<>();
      List<ItemScore> other = new ArrayList<>();
      for (double seed : gaussians(random, seeds, seedSpread)) {
        double[] first = gaussians(random, ITEMS, 0.2);
        double[] second = gaussians(random, ITEMS, 0.2);
        for (int i = 0; i < ITEMS; i++) {
          first[i] += difficulty[i] + effect + seed + preference[i];
          second[i] += difficulty[i];
        }
        one.add(new ItemScore.Mean(List.of(first)));
        other.add(new ItemScore.Mean(List.of(second)));
      }
      return new TwoLevelBootstrap(300, random.nextLong()).difference(one, other);
    }

    private static double[] gaussians(Random random, int count, double spread) {
      double[] values = new double[count];
      for (int i = 0; i < count; i++) {
        values[i] = spread * random.nextGaussian();
      }
      return values;
    }
  }

  private static double coverage(World world) {
    Random random = new Random(7);
    int covered = 0;
    for (int i = 0; i < EXPERIMENTS; i++) {
      Effect effect = world.experiment(random);
      covered += effect.low() <= world.effect() && world.effect() <= effect.high() ? 1 : 0;
    }
    return (double) covered / EXPERIMENTS;
  }

  @Test
  void intervalsHoldTheTruthInNineteenOfTwentyExperiments() {
    // 400 experiments: the standard error of a coverage of 0.95 is 0.011.
    for (int seeds : List.of(3, 5)) {
      for (double seedSpread : List.of(0.02, 0.1, 0.5)) {
        double coverage = coverage(new World(seeds, 0.3, seedSpread, 0.8));
        assertTrue(
            coverage >= 0.92 && coverage <= 0.995,
            "%d seeds of spread %.2f: coverage %.3f".formatted(seeds, seedSpread, coverage));
      }
    }
  }

  @Test
  void detectableEffectsAreSeenInFourOfFiveExperiments() {
    Random random = new Random(3);
    double detectable = 0;
    for (int i = 0; i < 100; i++) {
      detectable += new World(5, 0, 0.1, 0.8).experiment(random).detectable() / 100;
    }
    World world = new World(5, detectable, 0.1, 0.8);
    int seen = 0;
    for (int i = 0; i < EXPERIMENTS; i++) {
      seen += world.experiment(random).p() < 0.05 ? 1 : 0;
    }
    double power = (double) seen / EXPERIMENTS;
    assertTrue(power > 0.7 && power < 0.9, "power " + power);
  }

  @Test
  void whereNothingDiffersOneExperimentInTwentySeesADifference() {
    Random random = new Random(11);
    World world = new World(5, 0, 0.1, 0.8);
    int seen = 0;
    for (int i = 0; i < EXPERIMENTS; i++) {
      seen += world.experiment(random).p() < 0.05 ? 1 : 0;
    }
    assertTrue(seen <= 0.08 * EXPERIMENTS, seen + " false alarms of " + EXPERIMENTS);
  }

  @Test
  void whatSystemsHaveInCommonCancels() {
    Random random = new Random(5);
    double[] hard = random.doubles(50, 0, 100).toArray();
    double[] easier = new double[50];
    for (int i = 0; i < 50; i++) {
      easier[i] = hard[i] + 1 + 0.01 * random.nextGaussian();
    }
    List<ItemScore> other = List.of(new ItemScore.Mean(List.of(hard)));
    List<ItemScore> one = List.of(new ItemScore.Mean(List.of(easier)));
    TwoLevelBootstrap bootstrap = TwoLevelBootstrap.seeded(1);
    assertTrue(bootstrap.difference(one, other).standardError() < 0.01);
    assertTrue(bootstrap.score(one).standardError() > 1);
  }

  @Test
  void theSameSeedGivesTheSameBits() {
    World world = new World(3, 0.1, 0.1, 0.5);
    assertEquals(world.experiment(new Random(1)), world.experiment(new Random(1)));
    assertNotEquals(world.experiment(new Random(1)), world.experiment(new Random(2)));
  }

  @Test
  void itemsOfAFoldAreResampledWithinIt() {
    // Two folds of constant but different values: no resample within the folds changes the mean.
    double[] low = {0, 0, 0};
    double[] high = {1, 1, 1};
    ItemScore score = new ItemScore.Mean(List.of(low, high));
    Effect effect = TwoLevelBootstrap.seeded(1).score(List.of(score));
    assertEquals(0.5, effect.value());
    assertEquals(0, effect.standardError());
  }

  @Test
  void anUndefinedScoreGivesNoResult() {
    ItemScore none = new ItemScore.Mean(List.of(new double[] {Double.NaN, 1}));
    Effect effect = TwoLevelBootstrap.seeded(1).score(List.of(none));
    assertTrue(Double.isNaN(effect.p()));
    assertEquals(Verdict.NO_RESULT, Verdict.of(effect.value(), effect.p()));
  }

  @Test
  void differentItemsAreRefused() {
    List<ItemScore> one = List.of(new ItemScore.Mean(List.of(new double[] {1, 2})));
    List<ItemScore> other = List.of(new ItemScore.Mean(List.of(new double[] {1, 2, 3})));
    TwoLevelBootstrap bootstrap = TwoLevelBootstrap.seeded(1);
    assertThrows(IllegalArgumentException.class, () -> bootstrap.difference(one, other));
  }
}
