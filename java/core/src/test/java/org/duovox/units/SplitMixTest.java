package org.duovox.units;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class SplitMixTest {
  @Test
  void sameKeysGiveSameDrawsAndOrderOfKeysMatters() {
    assertEquals(SplitMix.of(1, 2, 3).nextLong(), SplitMix.of(1, 2, 3).nextLong());
    assertNotEquals(SplitMix.of(1, 2, 3).nextLong(), SplitMix.of(3, 2, 1).nextLong());
    assertNotEquals(SplitMix.of(0).nextLong(), SplitMix.of(0, 0).nextLong());
  }

  @Test
  void reseedingEqualsANewGenerator() {
    SplitMix draws = SplitMix.of(9);
    draws.nextLong();
    draws.reseed(4, -1, 5);
    assertEquals(SplitMix.of(4, -1, 5).nextLong(), draws.nextLong());
  }

  @Test
  void drawsAreEvenAndNormal() {
    SplitMix draws = SplitMix.of(1);
    int[] counts = new int[5];
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < 50_000; i++) {
      counts[draws.nextInt(5)]++;
      double normal = draws.nextGaussian();
      sum += normal;
      squares += normal * normal;
    }
    assertTrue(Arrays.stream(counts).allMatch(count -> Math.abs(count - 10_000) < 400));
    assertEquals(0, sum / 50_000, 0.02);
    assertEquals(1, squares / 50_000, 0.03);
  }

  @Test
  void shuffleIsAPermutation() {
    int[] values = IntStream.range(0, 100).toArray();
    SplitMix.of(3).shuffle(values, 100);
    assertNotEquals(0, Arrays.mismatch(values, IntStream.range(0, 100).toArray()) + 1);
    Arrays.sort(values);
    assertArrayEquals(IntStream.range(0, 100).toArray(), values);
  }
}
