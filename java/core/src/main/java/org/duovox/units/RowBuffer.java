package org.duovox.units;

import java.util.function.ObjIntConsumer;

/// Collects rows of utterances of any length into batches of one size, so that memory does not grow
/// with the corpus.
final class RowBuffer {
  private final float[] rows;
  private final int capacity;
  private final int width;
  private final ObjIntConsumer<float[]> full;
  private int count;

  /// `full` gets the buffer and the number of its rows whenever `capacity` rows have come together.
  RowBuffer(int capacity, int width, ObjIntConsumer<float[]> full) {
    this.rows = new float[Math.multiplyExact(capacity, width)];
    this.capacity = capacity;
    this.width = width;
    this.full = full;
  }

  /// Adds (frames, width) values.
  void add(float[] frames) {
    int all = frames.length / width;
    for (int from = 0; from < all; ) {
      int n = Math.min(all - from, capacity - count);
      System.arraycopy(frames, from * width, rows, count * width, n * width);
      count += n;
      from += n;
      if (count == capacity) {
        flush();
      }
    }
  }

  /// Hands over what is left, if anything.
  void flush() {
    if (count > 0) {
      full.accept(rows, count);
      count = 0;
    }
  }
}
