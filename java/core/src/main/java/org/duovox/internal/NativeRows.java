package org.duovox.internal;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/// A block of float rows in native memory that is filled again and again: what is read from a file
/// goes straight to where the native library reads it.
///
/// Aligned to cache lines, so that equal rows give equal bits. Any thread may fill it, one at a
/// time; not while a native call reads it.
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
      arena.close(); // nobody can close a block whose constructor threw
      throw failure;
    }
  }

  /// Rows that fit.
  public int capacity() {
    return capacity;
  }

  /// Values of a row.
  public int width() {
    return width;
  }

  /// The bytes of some rows, to be written or read.
  public ByteBuffer bytes(int first, int count) {
    long row = (long) width * Float.BYTES;
    return segment.asSlice(first * row, count * row).asByteBuffer().order(ByteOrder.nativeOrder());
  }

  /// The values of some rows, to be written or read.
  public FloatBuffer floats(int first, int count) {
    return bytes(first, count).asFloatBuffer();
  }

  MemorySegment segment() {
    return segment;
  }

  /// Frees the memory; buffers that were handed out fail from then on.
  @Override
  public void close() {
    arena.close();
  }
}
