package org.duovox.eval.abx;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.hipparchus.random.MersenneTwister;

/// Draws without replacement as Python's `random.sample` does after `random.seed`, so that large
/// groups are cut to the items that the reference takes.
final class SeededSample {
  private final MersenneTwister random;

  SeededSample(long seed) {
    long value = Math.abs(seed);
    int low = (int) value;
    int high = (int) (value >>> Integer.SIZE);
    random = new MersenneTwister(high == 0 ? new int[] {low} : new int[] {low, high});
  }

  /// Returns `count` of the numbers 0 to `size - 1`, in the order drawn.
  int[] draw(int size, int count) {
    return size <= poolLimit(count) ? fromPool(size, count) : byRejection(size, count);
  }

  /// Up to this size Python draws from a list of all; beyond, it remembers what it has drawn.
  private static int poolLimit(int count) {
    int limit = 21;
    return count <= 5
        ? limit
        : limit + (int) Math.pow(4, Math.ceil(Math.log(count * 3) / Math.log(4)));
  }

  private int[] fromPool(int size, int count) {
    int[] pool = new int[size];
    Arrays.setAll(pool, i -> i);
    int[] drawn = new int[count];
    for (int i = 0; i < count; i++) {
      int at = below(size - i);
      drawn[i] = pool[at];
      pool[at] = pool[size - i - 1];
    }
    return drawn;
  }

  private int[] byRejection(int size, int count) {
    Set<Integer> seen = new HashSet<>();
    int[] drawn = new int[count];
    for (int i = 0; i < count; i++) {
      int next = below(size);
      while (!seen.add(next)) {
        next = below(size);
      }
      drawn[i] = next;
    }
    return drawn;
  }

  private int below(int bound) {
    int bits = Integer.SIZE - Integer.numberOfLeadingZeros(bound);
    int value = random.nextInt() >>> (Integer.SIZE - bits);
    while (value >= bound) {
      value = random.nextInt() >>> (Integer.SIZE - bits);
    }
    return value;
  }
}
