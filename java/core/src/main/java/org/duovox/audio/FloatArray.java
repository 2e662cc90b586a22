package org.duovox.audio;

import java.util.Arrays;

/// A float array that grows.
final class FloatArray {
  private float[] values = new float[1 << 14];
  private int size;
  private long drained;

  void add(float value) {
    if (size == values.length) {
      grow(size + 1L);
    }
    values[size++] = value;
  }

  void addAll(float[] more, int count) {
    if (size + (long) count > values.length) {
      grow(size + (long) count);
    }
    System.arraycopy(more, 0, values, size, count);
    size += count;
  }

  private void grow(long least) {
    int grown = (int) Math.min(Integer.MAX_VALUE - 8L, Math.max(least, values.length * 3L / 2));
    if (grown < least) {
      throw new OutOfMemoryError("more samples than one array holds");
    }
    values = Arrays.copyOf(values, grown);
  }

  int size() {
    return size;
  }

  /// Forgets what lies beyond a size, in which what was drained counts.
  void truncate(long newSize) {
    size = Math.clamp(newSize - drained, 0, size);
  }

  /// Hands over what there is and goes on empty.
  float[] drain() {
    float[] all = Arrays.copyOf(values, size);
    drained += size;
    size = 0;
    return all;
  }

  /// All values; this object is not used afterwards.
  float[] take() {
    return size == values.length ? values : Arrays.copyOf(values, size);
  }
}
