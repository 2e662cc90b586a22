package org.duovox.eval.compare;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

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
  void intervalsAreStudents() {
    // qt(0.975, 4) = 2.776445, qt(0.8, 4) = 0.9409646, 2 * pt(-2, 4) = 0.1161165
    Effect effect = Effect.of(0.2, 0.1, 4, 5, 20);
    assertEquals(0.2 - 0.2776445, effect.low(), 1e-7);
    assertEquals(0.2 + 0.2776445, effect.high(), 1e-7);
    assertEquals(0.2776445 + 0.09409646, effect.detectable(), 1e-7);
    assertEquals(0.1161165, effect.p(), 1e-7);
  }

  @Test
  void verdictsFollowTheCorrectedProbability() {
    assertEquals(Verdict.BETTER, Verdict.of(0.1, 0.01));
    assertEquals(Verdict.WORSE, Verdict.of(-0.1, 0.01));
    assertEquals(Verdict.INSIDE_THE_NOISE, Verdict.of(0.1, 0.05));
    assertEquals(Verdict.NO_RESULT, Verdict.of(Double.NaN, Double.NaN));
  }
}
