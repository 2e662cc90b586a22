package org.duovox.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Principal components of vectors whose axes are known.
class PrincipalPlaneTest {
  /// Points in the directions (3, 4, 0)/5 and (-4, 3, 0)/5, ten and two long, and one along z.
  private static List<double[]> known() {
    List<double[]> vectors = new ArrayList<>();
    for (double sign : new double[] {-1, 1}) {
      vectors.add(new double[] {7 + sign * 6, 1 + sign * 8, 5});
      vectors.add(new double[] {7 - sign * 1.6, 1 + sign * 1.2, 5});
      vectors.add(new double[] {7, 1, 5 + sign});
    }
    return vectors;
  }

  @Test
  void findsTheAxesOfLargestVariance() {
    PrincipalPlane plane = PrincipalPlane.of(known());
    double[][] expected = {{-10, 0}, {0, 2}, {0, 0}, {10, 0}, {0, -2}, {0, 0}};
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i][0], plane.points().get(i).x(), 1e-5);
      assertEquals(expected[i][1], plane.points().get(i).y(), 1e-5);
    }
    assertEquals(208.0 / 210, plane.explained(), 1e-9);
  }

  @Test
  void axesAreUncorrelatedAndOrdered() {
    Random random = new Random(3);
    List<double[]> vectors = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      double[] vector = new double[20];
      for (int d = 0; d < vector.length; d++) {
        vector[d] = random.nextGaussian() / (1 + d);
      }
      vectors.add(vector);
    }
    PrincipalPlane plane = PrincipalPlane.of(vectors);
    double xx = 0;
    double yy = 0;
    double xy = 0;
    for (PrincipalPlane.Point point : plane.points()) {
      xx += point.x() * point.x();
      yy += point.y() * point.y();
      xy += point.x() * point.y();
    }
    assertTrue(xx > yy && yy > 0);
    assertEquals(0, xy / xx, 1e-4);
    assertEquals(plane, PrincipalPlane.of(vectors));
  }

  @Test
  void equalVectorsHaveNoPlane() {
    PrincipalPlane plane = PrincipalPlane.of(List.of(new double[] {1, 2}, new double[] {1, 2}));
    assertTrue(Double.isNaN(plane.explained()));
    assertEquals(new PrincipalPlane.Point(0, 0), plane.points().getFirst());
    assertTrue(PrincipalPlane.of(List.of()).points().isEmpty());
    assertThrows(
        IllegalArgumentException.class,
        () -> PrincipalPlane.of(List.of(new double[2], new double[3])));
  }
}
