package org.duovox.audio;

import java.util.Arrays;

/// A float array that grows.
final class FloatArray {
  private float[] values = new float[1 << 14];
  private int size;

  void add(float value) {
    if (size == values.length) {
      int grown = (int) Math.min(Integer.MAX_VALUE - 8L, values.length * 3L / 2);
      if (grown == size) {
        throw new OutOfMemoryError("more samples than one array holds");
      }
      values = Arrays.copyOf(values, grown);
    }
    values[size++] = value;
  }

  int size() {
    return size;
  }

  /// Forgets what lies beyond a size.
  void truncate(long newSize) {
    size = (int) Math.min(size, newSize);
  }

  /// All values; this object is not used afterwards.
  float[] take() {
    return size == values.length ? values : Arrays.copyOf(values, size);
  }
}
