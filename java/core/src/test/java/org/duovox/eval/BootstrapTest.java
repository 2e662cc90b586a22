package org.duovox.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.hipparchus.stat.descriptive.rank.Percentile;
import org.junit.jupiter.api.Test;

class BootstrapTest {
  @Test
  void comesNearTheNormalIntervalOfAMean() {
    SplittableRandom random = new SplittableRandom(1);
    double[] values = random.doubles(400).toArray();
    Estimate estimate = Bootstrap.seeded(7).mean(values);
    double mean = Arrays.stream(values).average().orElseThrow();
    double halfWidth = 1.96 * Math.sqrt(1 / 12.0 / 400);
    assertEquals(mean, estimate.value(), 1e-12);
    assertEquals(mean - halfWidth, estimate.low(), 0.2 * halfWidth);
    assertEquals(mean + halfWidth, estimate.high(), 0.2 * halfWidth);
    assertEquals(400, estimate.n());
    assertEquals(7, estimate.seed());
  }

  @Test
  void repeatsForASeedAndDiffersForAnother() {
    double[] values = new SplittableRandom(2).doubles(50).toArray();
    assertEquals(Bootstrap.seeded(3).mean(values), Bootstrap.seeded(3).mean(values));
    assertNotEquals(Bootstrap.seeded(3).mean(values).low(), Bootstrap.seeded(4).mean(values).low());
  }

  @Test
  void aConstantHasNoWidth() {
    assertEquals(new Estimate(1, 1, 1, 3, 0), Bootstrap.seeded(0).mean(new double[] {1, 1, 1}));
  }

  @Test
  void nothingGivesNaN() {
    Estimate none = new Estimate(Double.NaN, Double.NaN, Double.NaN, 0, 0);
    assertEquals(none, Bootstrap.seeded(0).mean(new double[0]));
    assertEquals(none, Bootstrap.seeded(0).meanOfGroups(List.of(new double[0])));
  }

  @Test
  void leavesUndefinedResamplesOut() {
    Spearman spearman = new Spearman(new double[] {1, 2, 3}, new double[] {1, 2, 3});
    Estimate estimate = Bootstrap.seeded(0).of(3, spearman::value);
    assertEquals(new Estimate(1, 1, 1, 3, 0), estimate);
  }

  @Test
  void groupsCountEqually() {
    double[] many = new double[90];
    Arrays.fill(many, 1);
    Estimate estimate = Bootstrap.seeded(1).meanOfGroups(List.of(many, new double[10]));
    assertEquals(new Estimate(0.5, 0.5, 0.5, 100, 1), estimate);
  }

  @Test
  void groupsAreResampledWithinThemselves() {
    double[] half = {0, 1, 0, 1, 0, 1, 0, 1, 0, 1};
    Estimate estimate = Bootstrap.seeded(1).meanOfGroups(List.of(half, half, half, half));
    assertEquals(0.5, estimate.value());
    assertEquals(0.5 - 1.96 * Math.sqrt(0.25 / 40), estimate.low(), 0.03);
    assertEquals(0.5 + 1.96 * Math.sqrt(0.25 / 40), estimate.high(), 0.03);
  }

  @Test
  void quantilesAreThoseOfHipparchus() {
    double[] sorted = new SplittableRandom(6).doubles(137).sorted().toArray();
    for (double p : new double[] {0.025, 0.5, 0.975, 1}) {
      double expected =
          new Percentile()
              .withEstimationType(Percentile.EstimationType.R_7)
              .evaluate(sorted, 100 * p);
      assertEquals(expected, Bootstrap.quantile(sorted, p), 1e-12);
    }
    assertEquals(Double.NaN, Bootstrap.quantile(new double[0], 0.5));
  }

  @Test
  void accuracyIsTheMeanOfHits() {
    Estimate estimate = Accuracy.of(new int[] {0, 1, 2, 1}, new int[] {0, 1, 1, 1}, 9);
    assertEquals(0.75, estimate.value());
    assertTrue(estimate.low() < 0.75 && estimate.high() == 1);
    assertThrows(IllegalArgumentException.class, () -> Accuracy.of(new int[1], new int[2], 0));
  }

  @Test
  void needsADraw() {
    assertThrows(IllegalArgumentException.class, () -> new Bootstrap(0, 0));
  }
}
