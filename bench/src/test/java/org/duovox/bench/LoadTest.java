package org.duovox.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class LoadTest {
  @Test
  void readsTheKernelsTimes() {
    // A guest's 9 is part of user's 100; waiting for a disk is no work.
    long[] times = Load.times("cpu  100 1 20 800 50 2 3 4 9 0\ncpu0 1 1 1 1 1 1 1 1 0 0\n");
    assertArrayEquals(new long[] {850, 980}, times);
  }

  @Test
  void busyIsTheShareOfAllTime() {
    assertEquals(0.25, Load.busy(new long[] {100, 200}, new long[] {250, 400}));
    assertEquals(0, Load.busy(new long[] {100, 200}, new long[] {100, 200}));
  }

  @Test
  void otherWorkIsRefusedAndTheOwnIsNot() {
    assertFalse(new Load(2.4, 0.05).tooHigh(2)); // two threads of the fork before
    assertTrue(new Load(2.6, 0).tooHigh(2));
    assertTrue(new Load(0, 0.2).tooHigh(2));
  }
}
