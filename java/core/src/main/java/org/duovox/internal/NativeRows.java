package org.duovox.internal;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/// A reusable block of float rows in native memory: a file is read straight into the memory that
/// the native library reads.
///
/// Aligned to cache lines, so that equal rows give equal bits. One thread at a time may fill it,
/// and none while a native call reads it.
public final class NativeRows implements AutoCloseable {
  private static final long ALIGNMENT = 64;

  private final Arena arena;
  private final MemorySegment segment;
  private final int capacity;
  private final int width;

  /// Room for `capacity` rows of `width` values.
  public NativeRows(int capacity, int width) {
    this.capacity = capacity;
    this.width = width;
    this.arena = Arena.ofShared();
    try {
      this.segment = arena.allocate(Math.max(1, (long) capacity * width) * Float.BYTES, ALIGNMENT);
    } catch (Throwable failure) {
      arena.close(); // Nobody can close a block whose constructor threw.
      throw failure;
    }
  }

  /// The number of rows that fit.
  public int capacity() {
    return capacity;
  }

  /// The number of values of a row.
  public int width() {
    return width;
  }

  /// Returns a view of the bytes of rows `first` to `first + count - 1`, in the machine's byte
  /// order.
  public ByteBuffer bytes(int first, int count) {
    long row = (long) width * Float.BYTES;
    return segment.asSlice(first * row, count * row).asByteBuffer().order(ByteOrder.nativeOrder());
  }

  /// Returns a view of the values of rows `first` to `first + count - 1`.
  public FloatBuffer floats(int first, int count) {
    return bytes(first, count).asFloatBuffer();
  }

  MemorySegment segment() {
    return segment;
  }

  /// Frees the memory; views of it fail from then on.
  @Override
  public void close() {
    arena.close();
  }
}
