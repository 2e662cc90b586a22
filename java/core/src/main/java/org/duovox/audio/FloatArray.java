package org.duovox.audio;

import java.util.Arrays;
import org.duovox.io.ArraySize;

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
    int grown = (int) Math.min((long) ArraySize.MOST, Math.max(least, values.length * 3L / 2));
    if (grown < least) {
      throw new OutOfMemoryError("more samples than one array holds");
    }
    values = Arrays.copyOf(values, grown);
  }

  int size() {
    return size;
  }

  /// Removes the values beyond a size, in which those that were drained count.
  void truncate(long newSize) {
    size = Math.clamp(newSize - drained, 0, size);
  }

  /// Returns a copy of the values and removes them.
  float[] drain() {
    float[] all = Arrays.copyOf(values, size);
    drained += size;
    size = 0;
    return all;
  }

  /// Returns all values, not always as a copy: do not use this object afterwards.
  float[] toArray() {
    return size == values.length ? values : Arrays.copyOf(values, size);
  }
}
