package org.duovox.eval;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.duovox.DuovoxException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PoolingTest {
  private static final double[][] ROWS = {{1, -4}, {5, 2}, {-3, 5}};

  @ParameterizedTest
  @CsvSource({
    "max, 5, 5",
    "mean, 1, 1",
    "min, -3, -4",
    "sum, 3, 3",
    "last, -3, 5",
    "lastlast, 5, 2"
  })
  void poolsThreeFrames(String name, double first, double second) {
    assertArrayEquals(new double[] {first, second}, Pooling.of(name).apply(ROWS));
  }

  @ParameterizedTest
  @EnumSource(value = Pooling.class, mode = EnumSource.Mode.EXCLUDE, names = "LASTLAST")
  void takesASingleFrameAsItIs(Pooling pooling) {
    double[][] one = {{7, -8}};
    double[] pooled = pooling.apply(one);
    assertArrayEquals(one[0], pooled);
    assertNotSame(one[0], pooled);
  }

  @Test
  void refusesTooFewFrames() {
    assertBad(
        "needs at least 2 frames, there are 1", () -> Pooling.LASTLAST.apply(new double[][] {{1}}));
    assertBad("needs at least 1 frames, there are 0", () -> Pooling.MEAN.apply(new double[0][]));
  }

  @Test
  void refusesUnknownNames() {
    assertBad("did you mean \"mean\"?", () -> Pooling.of("meen"));
    assertBad("\"off\" is not supported", () -> Pooling.of("off"));
    assertEquals("lastlast", Pooling.LASTLAST.label());
  }

  private static void assertBad(String part, Runnable action) {
    String message = assertThrows(DuovoxException.class, action::run).getMessage();
    assertTrue(message.contains(part), message);
  }
}
