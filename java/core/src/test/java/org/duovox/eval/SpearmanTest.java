package org.duovox.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.hipparchus.stat.correlation.SpearmansCorrelation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// By hand, against scipy 1.17.1 and against Hipparchus.
class SpearmanTest {
  @Test
  void knowsTheSimpleCases() {
    double[] x = {1, 2, 3, 4};
    assertEquals(1, Spearman.of(x, new double[] {10, 20, 30, 99}));
    assertEquals(-1, Spearman.of(x, new double[] {4, 3, 2, 1}));
    // Rank differences 1, 1, 1, 1: 1 - 6 * 4 / (4 * 15).
    assertEquals(0.6, Spearman.of(x, new double[] {2, 1, 4, 3}), 1e-15);
    assertEquals(0, Spearman.of(x, new double[] {1, -1, -1, 1}));
  }

  @Test
  void averagesTheRanksOfTies() {
    double[] x = {1, 2, 2, 3, 5, 5, 5, 8};
    double[] y = {2, 1, 4, 4, 3, 9, 9, 7};
    assertEquals(0.6895607149652165, Spearman.of(x, y), 1e-15);
  }

  @Test
  void minusZeroTiesWithZero() {
    assertEquals(1, Spearman.of(new double[] {-0.0, 0.0, 1}, new double[] {5, 5, 6}));
  }

  @Test
  void isUndefinedRatherThanWrong() {
    assertEquals(Double.NaN, Spearman.of(new double[] {1, 1, 1}, new double[] {1, 2, 3}));
    assertEquals(Double.NaN, Spearman.of(new double[] {1, Double.NaN, 3}, new double[] {1, 2, 3}));
    assertEquals(Double.NaN, Spearman.of(new double[] {1}, new double[] {1}));
    assertEquals(Double.NaN, Spearman.of(new double[0], new double[0]));
    assertThrows(IllegalArgumentException.class, () -> Spearman.of(new double[1], new double[2]));
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 10, 100, 1000})
  void equalsHipparchus(int n) {
    SplittableRandom random = new SplittableRandom(n);
    for (int trial = 0; trial < 20; trial++) {
      double[] x = random.doubles(n).map(v -> Math.floor(v * n / 2)).toArray();
      double[] y = new double[n];
      Arrays.setAll(y, i -> x[i] + Math.floor(random.nextDouble() * n));
      double expected = new SpearmansCorrelation().correlation(x, y);
      assertEquals(expected, Spearman.of(x, y), 1e-11);
    }
  }

  @Test
  void aResampleIsTheSampleOfItsValues() {
    SplittableRandom random = new SplittableRandom(5);
    double[] x = random.doubles(30).map(v -> Math.rint(10 * v)).toArray();
    double[] y = random.doubles(30).toArray();
    int[] drawn = random.ints(30, 0, 30).toArray();
    double[] drawnX = Arrays.stream(drawn).mapToDouble(i -> x[i]).toArray();
    double[] drawnY = Arrays.stream(drawn).mapToDouble(i -> y[i]).toArray();
    assertEquals(Spearman.of(drawnX, drawnY), new Spearman(x, y).value(drawn), 1e-15);
  }

  @Test
  void weightsAreRepetitions() {
    SplittableRandom random = new SplittableRandom(8);
    double[] x = random.ints(40, 0, 9).asDoubleStream().toArray();
    double[] y = random.ints(40, 0, 20).asDoubleStream().toArray();
    Spearman spearman = new Spearman(x, y);
    for (int draw = 0; draw < 20; draw++) {
      int[] drawn = random.ints(55, 0, 40).toArray();
      int[] weights = new int[40];
      Arrays.stream(drawn).forEach(i -> weights[i]++);
      assertEquals(spearman.value(drawn), spearman.weighted(weights), 1e-12);
    }
    assertEquals(Double.NaN, spearman.weighted(new int[40]));
  }
}
