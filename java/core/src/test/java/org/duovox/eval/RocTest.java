package org.duovox.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// By hand, and against the definition written out.
class RocTest {
  @Test
  void countsHowOftenPairsOfTheClassAreNearer() {
    double[] distances = {0.1, 0.4, 0.3, 0.9};
    boolean[] same = {true, true, false, false};
    // Nearer than 0.3 and 0.9: both from 0.1, one from 0.4.
    assertEquals(0.75, new Roc(distances, same).value());
    assertEquals(1, new Roc(new double[] {0, 1, 2, 3}, same).value());
    assertEquals(0, new Roc(new double[] {3, 2, 1, 0}, same).value());
  }

  @Test
  void tiesCountHalf() {
    assertEquals(0.5, new Roc(new double[] {7, 7, 7}, new boolean[] {true, false, false}).value());
    assertEquals(0.75, new Roc(new double[] {1, 1, 2}, new boolean[] {true, false, false}).value());
    assertEquals(0.5, new Roc(new double[] {0.0, -0.0}, new boolean[] {true, false}).value());
  }

  @Test
  void isUndefinedRatherThanWrong() {
    assertEquals(Double.NaN, new Roc(new double[] {1, 2}, new boolean[] {true, true}).value());
    assertEquals(Double.NaN, new Roc(new double[] {1, 2}, new boolean[] {false, false}).value());
    assertEquals(
        Double.NaN, new Roc(new double[] {1, Double.NaN}, new boolean[] {true, false}).value());
    assertEquals(Double.NaN, new Roc(new double[0], new boolean[0]).value());
    assertThrows(
        IllegalArgumentException.class, () -> new Roc(new double[1], new boolean[] {true, false}));
  }

  @Test
  void equalsTheDefinitionOnResamplesToo() {
    SplittableRandom random = new SplittableRandom(4);
    int n = 60;
    double[] distances = random.ints(n, 0, 15).asDoubleStream().toArray();
    boolean[] same = new boolean[n];
    for (int i = 0; i < n; i++) {
      same[i] = random.nextInt(3) == 0;
    }
    Roc roc = new Roc(distances, same);
    for (int draw = 0; draw < 20; draw++) {
      int[] drawn = random.ints(n, 0, n).toArray();
      int[] weights = new int[n];
      Arrays.stream(drawn).forEach(i -> weights[i]++);
      double expected = definition(distances, same, drawn);
      assertEquals(expected, roc.value(drawn), 1e-12);
      assertEquals(expected, roc.weighted(weights), 1e-12);
    }
  }

  private static double definition(double[] distances, boolean[] same, int[] drawn) {
    double wins = 0;
    int all = 0;
    for (int i : drawn) {
      for (int k : drawn) {
        if (same[i] && !same[k]) {
          wins += distances[i] < distances[k] ? 1 : distances[i] == distances[k] ? 0.5 : 0;
          all++;
        }
      }
    }
    return wins / all;
  }
}
