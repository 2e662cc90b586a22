package org.duovox.io;

import static org.duovox.testing.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.duovox.DuovoxException.Kind;
import org.junit.jupiter.api.Test;

class ArraySizeTest {
  @Test
  void sizesThatAnArrayHolds() {
    assertEquals(24, ArraySize.of("x", 2, 3, 4));
    assertEquals(1, ArraySize.of("x"));
    assertEquals(0, ArraySize.of("x", 0, Long.MAX_VALUE));
    assertEquals(ArraySize.MOST, ArraySize.of("x", ArraySize.MOST));
  }

  @Test
  void sizesThatItDoesNotHoldAreBadData() {
    for (long[] sizes :
        new long[][] {
          {1L << 31},
          {1L << 16, 1L << 16},
          {Long.MAX_VALUE, Long.MAX_VALUE},
          {-1},
          {1L << 40, 2, 0, -3}
        }) {
      assertFails(
          Kind.BAD_DATA,
          () -> ArraySize.of("model.safetensors: the bytes of x", sizes),
          "model.safetensors: the bytes of x",
          "too large");
    }
  }
}
