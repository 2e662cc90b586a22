package org.duovox.units;

import java.util.Arrays;

/// A growing array of ints, such as the units of a shard while it is written.
public final class IntList {
  private int[] values = new int[1024];
  private int size;

  public void add(int value) {
    reserve(1);
    values[size++] = value;
  }

  public void addAll(int[] more) {
    reserve(more.length);
    System.arraycopy(more, 0, values, size, more.length);
    size += more.length;
  }

  public int get(int index) {
    return values[index];
  }

  public int size() {
    return size;
  }

  public int[] toArray() {
    return Arrays.copyOf(values, size);
  }

  public void clear() {
    size = 0;
  }

  private void reserve(int more) {
    if (values.length - size < more) {
      int wanted = Math.addExact(size, more);
      values =
          Arrays.copyOf(values, (int) Math.min(Integer.MAX_VALUE - 8, Math.max(wanted, 2L * size)));
    }
  }
}
