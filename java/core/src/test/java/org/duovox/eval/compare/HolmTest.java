package org.duovox.eval.compare;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.hipparchus.distribution.continuous.TDistribution;
import org.junit.jupiter.api.Test;

/// Checks Holm's correction, Student's t and the verdicts.
final class HolmTest {
  @Test
  void correctsAsRDoes() {
    // p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm") = 0.03 0.06 0.06 0.02
    double[] corrected = Holm.corrected(new double[] {0.01, 0.04, 0.03, 0.005});
    assertArrayEquals(new double[] {0.03, 0.06, 0.06, 0.02}, corrected, 1e-12);
  }

  @Test
  void comparisonsWithoutResultDoNotCount() {
    double[] corrected = Holm.corrected(new double[] {Double.NaN, 0.04, 0.6});
    assertArrayEquals(new double[] {Double.NaN, 0.08, 0.6}, corrected, 1e-12);
  }

  @Test
  void studentsDistributionIsThatOfHipparchus() {
    for (double degrees : new double[] {1, 2, 3.7, 4, 12.5, 60, 1000}) {
      TDistribution oracle = new TDistribution(degrees);
      for (double t : new double[] {0, 0.1, 1, 2.2, 5, 30}) {
        double expected = 2 * oracle.cumulativeProbability(-t);
        assertEquals(expected, StudentT.twoSided(t, degrees), 1e-11, degrees + " " + t);
      }
      double quantile = oracle.inverseCumulativeProbability(0.975);
      assertEquals(quantile, StudentT.quantile(0.975, degrees), 1e-6 * quantile);
    }
  }

  @Test
  void verdictsFollowTheCorrectedProbability() {
    assertEquals(Verdict.BETTER, Verdict.of(0.1, 0.01));
    assertEquals(Verdict.WORSE, Verdict.of(-0.1, 0.01));
    assertEquals(Verdict.INSIDE_THE_NOISE, Verdict.of(0.1, 0.05));
    assertEquals(Verdict.NO_RESULT, Verdict.of(Double.NaN, Double.NaN));
  }
}
