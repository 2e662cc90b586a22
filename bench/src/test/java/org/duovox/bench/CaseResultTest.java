package org.duovox.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.duovox.eval.Estimate;
import org.junit.jupiter.api.Test;

class CaseResultTest {
  private static final Case SIZE = new Case(true, 2, 96, 16, 32, 0.1);

  private static Sample sample(Side side, int round, Double... milliseconds) {
    return new Sample(
        side, round, List.of(milliseconds), 100 + round, 40_000, 500 + round, new Load(0, 0));
  }

  /// Rounds on a machine that drifts: both sides are slower from one round to the next.
  private static List<Sample> drifting() {
    List<Sample> samples = new ArrayList<>();
    for (int round = 0; round < 8; round++) {
      double base = 10 + round;
      samples.add(sample(Side.DUOVOX, round, base, base + 0.1, base + 0.2));
      samples.add(sample(Side.DJL, round, 2 * base, 2 * base + 0.2, 2 * base + 0.4));
    }
    return samples;
  }

  @Test
  void summarizesEachContender() {
    CaseResult result = CaseResult.of(SIZE, 30, drifting(), 10_000.0);
    assertEquals("dual 2x96 16x32, dropout 0.1", result.name());
    assertEquals(
        List.of(Side.DUOVOX, Side.DJL), result.rows().stream().map(CaseResult.Row::side).toList());
    CaseResult.Row ours = result.rows().getFirst();
    assertEquals(8, ours.forks());
    assertEquals(24, ours.steps());
    assertEquals(10, ours.fastest());
    assertEquals(13.6, ours.median(), 1e-9);
    assertEquals(103.5, ours.heapBytes());
    assertEquals(507, ours.peakMebibytes());
    assertEquals(3_000, ours.gflops(), 1e-9); // 30 GFLOP in 10 ms
    assertEquals(0.3, ours.share(), 1e-9);
    assertNull(CaseResult.of(SIZE, 30, drifting(), null).rows().getFirst().share());
  }

  @Test
  void theIntervalOfTheRatioKnowsRounds() {
    Estimate times = CaseResult.times(Side.DJL, drifting());
    assertEquals(2, times.value(), 1e-9);
    // Rounds are drawn with both sides: the drift is in neither end.
    assertEquals(2, times.low(), 0.01);
    assertEquals(2, times.high(), 0.01);
    assertEquals(times, CaseResult.times(Side.DJL, drifting()));
  }

  @Test
  void oneRoundHasNoInterval() {
    List<Sample> one = List.of(sample(Side.DUOVOX, 0, 1.0), sample(Side.DJL, 0, 3.0));
    Estimate times = CaseResult.times(Side.DJL, one);
    assertEquals(3, times.value());
    assertTrue(Double.isNaN(times.low()));
    assertEquals("3.00", Table.times(times));
  }

  @Test
  void theTableSaysWhatIsMissingAndWhyItIsNotPublished() {
    Provenance here =
        new Provenance(
            "2026-01-02", "abc+", "AMD EPYC", 2, Map.of("java", "25"), List.of("-Xmx1g"), Map.of());
    Proof.Agreement proof =
        Proof.Agreement.of(SIZE, Side.DJL, List.of(8.0, 4.0), List.of(8.0, 4.0), 1e-3);
    List<CaseResult> cases = List.of(CaseResult.of(SIZE, 30, drifting(), 10_000.0));
    String page =
        Table.of(
            new Report(
                List.of("the machine was busy"),
                here,
                10_000.0,
                List.of(Side.DUOVOX_NAIVE),
                List.of(proof),
                cases));
    assertTrue(page.contains("**Not to be published: the machine was busy.**"), page);
    assertTrue(page.contains("Left out, since it did not run: duovox-naive."), page);
    assertTrue(
        page.contains(
            "| duovox | 10.00 | 13.60 | 1 | 3000.0 | 30 % | 104 | 40,000 | 507 | 8 x 3 |"),
        page);
    assertTrue(page.contains("| djl | 20.00 | 27.20 | 2.00 (2.00 to 2.00) |"), page);
    assertTrue(
        page.contains("| dual 2x96 4x32 | djl |") || page.contains("| dual 2x96 16x32 | djl |"),
        page);
    assertFalse(page.contains("null"), page);
  }

  @Test
  void mediansOfEvenAndOddNumbers() {
    assertEquals(2, Median.of(new double[] {3, 1, 2}).value());
    assertEquals(1.5, Median.of(new double[] {2, 1}).value());
    assertTrue(Double.isNaN(Median.of(new double[0]).value()));
  }
}
