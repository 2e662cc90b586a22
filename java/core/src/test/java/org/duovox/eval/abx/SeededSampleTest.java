package org.duovox.eval.abx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.junit.jupiter.api.Test;

/// Against `random.sample(range(n), k)` of Python 3.11 after `random.seed(...)`.
class SeededSampleTest {
  @Test
  void drawsAsPythonDoes() {
    SeededSample sample = new SeededSample(3459);
    assertArrayEquals(new int[] {2, 7, 11, 12, 8, 3, 10, 0, 6, 13}, sample.draw(14, 10));
    assertArrayEquals(new int[] {2, 1, 10, 0, 6, 13, 11, 8, 5, 12}, sample.draw(14, 10));
    assertArrayEquals(
        new int[] {31, 101, 53, 130, 196, 33, 73, 151, 75, 166}, sample.draw(200, 10));
    assertArrayEquals(new int[] {1, 3, 0, 5, 4}, sample.draw(7, 5));
  }

  @Test
  void seedsOfMoreThan32BitsAreTakenWhole() {
    assertArrayEquals(
        new int[] {628, 765, 834, 960, 967}, new SeededSample((1L << 40) + 7).draw(1000, 5));
  }
}
