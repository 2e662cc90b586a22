package org.duovox.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.duovox.DuovoxException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// The expected numbers are those of scipy 1.17.1, `cdist`.
class DistanceTest {
  private static final double[] X = {1.0, -2.0, 3.0, 0.5};
  private static final double[] Y = {0.25, 4.0, -1.0, 0.0};
  private static final double[] ZERO = new double[4];

  @ParameterizedTest
  @CsvSource({
    "cosine, 1.689413367349564",
    "euclidean, 7.267220926874317",
    "cityblock, 11.25",
    "sqeuclidean, 52.8125",
    "chebyshev, 6.0",
    "correlation, 1.944875174461999",
    "braycurtis, 1.9565217391304348",
    "canberra, 3.6"
  })
  void equalsScipy(String name, double expected) {
    assertEquals(expected, Distance.of(name).between(X, Y), 1e-14);
    assertEquals(expected, Distance.of(name).between(Y, X), 1e-14);
  }

  @ParameterizedTest
  @CsvSource({
    "cosine, NaN, NaN",
    "euclidean, 3.774917217635375, 0",
    "cityblock, 6.5, 0",
    "sqeuclidean, 14.25, 0",
    "chebyshev, 3, 0",
    "correlation, NaN, NaN",
    "braycurtis, 1, NaN",
    "canberra, 4, 0"
  })
  void zeroVectorsAreWhatScipySays(String name, double toZero, double zeroToZero) {
    assertEquals(toZero, Distance.of(name).between(X, ZERO), 1e-14);
    assertEquals(zeroToZero, Distance.of(name).between(ZERO, ZERO));
  }

  @Test
  void parallelVectorsNeverGoBelowZeroOrAboveTwo() {
    double[] third = {1 / 3.0, -2 / 3.0, 1, 0.5 / 3};
    double[] opposite = {-0.1, 0.2, -0.3, -0.05};
    assertTrue(Distance.COSINE.between(X, third) >= 0);
    assertTrue(Distance.COSINE.between(X, opposite) <= 2);
    assertEquals(2, Distance.COSINE.between(X, opposite), 1e-15);
  }

  @ParameterizedTest
  @EnumSource(Distance.class)
  void isZeroFromAVectorToItself(Distance distance) {
    assertEquals(0, distance.between(X, X), 1e-15);
  }

  @Test
  void refusesWhatIsNotADistanceHere() {
    assertBad("did you mean \"cosine\"?", "cosin");
    assertBad("takes variances from the words", "mahalanobis");
    assertBad("not for vectors of real numbers", "jaccard");
    assertThrows(
        IllegalArgumentException.class, () -> Distance.COSINE.between(X, new double[] {1}));
  }

  private static void assertBad(String part, String name) {
    String message = assertThrows(DuovoxException.class, () -> Distance.of(name)).getMessage();
    assertTrue(message.contains(part), message);
  }
}
