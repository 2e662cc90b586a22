package org.duovox.units;

/// An even random sample of rows from a stream of unknown length (Vitter 1985, algorithm R).
final class Reservoir {
  private final float[] rows;
  private final int capacity;
  private final int width;
  private final SplitMix draws;
  private long seen;

  Reservoir(int capacity, int width, SplitMix draws) {
    this.rows = new float[Math.multiplyExact(capacity, width)];
    this.capacity = capacity;
    this.width = width;
    this.draws = draws;
  }

  /// Offers (frames, width) values.
  void add(float[] frames) {
    for (int from = 0; from < frames.length; from += width) {
      long place = seen < capacity ? seen : draws.nextLong(seen + 1);
      if (place < capacity) {
        System.arraycopy(frames, from, rows, (int) place * width, width);
      }
      seen++;
    }
  }

  /// The sample, row-major; only the first [#count()] rows hold something.
  float[] rows() {
    return rows;
  }

  int count() {
    return (int) Math.min(seen, capacity);
  }

  /// Rows offered so far.
  long seen() {
    return seen;
  }
}
