package org.duovox.internal;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.duovox.bindings.Duovox;
import org.duovox.bindings.duovox_kmeans_config;

/// A fixed codebook in the native library that assigns codes on several threads at once.
///
/// Assignment changes nothing in the native object. Rows are copied into aligned native buffers
/// that are reused; there are as many buffers as threads that assign at once.
public final class NativeAssigner extends Handle {
  private static final int ALIGNMENT = 64;

  private final int width;
  private final ConcurrentLinkedDeque<Buffer> free = new ConcurrentLinkedDeque<>();

  /// A buffer for rows and their codes.
  private record Buffer(Arena arena, MemorySegment rows, MemorySegment codes, int capacity) {
    static Buffer of(int capacity, int width) {
      Arena arena = Arena.ofShared();
      try {
        return new Buffer(
            arena,
            arena.allocate((long) capacity * width * Float.BYTES, ALIGNMENT),
            arena.allocate((long) capacity * Integer.BYTES, ALIGNMENT),
            capacity);
      } catch (Throwable failure) {
        arena.close();
        throw failure;
      }
    }
  }

  /// A codebook of these centroids.
  ///
  /// @param centroids (clusters, width) row-major
  /// @throws org.duovox.DuovoxException (BAD_DATA) when a value is not finite
  public NativeAssigner(float[] centroids, int clusters, int width) {
    super(create(clusters, width), Arena.ofShared(), Duovox::duovox_kmeans_destroy);
    this.width =
        orClose(() -> {
          set(centroids, clusters);
          return width;
        });
  }

  private void set(float[] centroids, int clusters) {
    try (Arena arena = Arena.ofConfined()) {
      Native.check(
          Duovox.duovox_kmeans_set_centroids(
              self(), Native.copy(arena, centroids, centroids.length), clusters));
    }
  }

  private static MemorySegment create(int clusters, int width) {
    return Native.create(arena -> {
      MemorySegment config = duovox_kmeans_config.allocate(arena);
      duovox_kmeans_config.clusters(config, clusters);
      duovox_kmeans_config.width(config, width);
      return out -> Duovox.duovox_kmeans_create(config, out);
    });
  }

  /// Returns the code of the nearest centroid of each row; ties go to the lower code. Several
  /// threads may call it at once.
  ///
  /// @param rows (count, width) row-major
  public int[] assign(float[] rows, int count) {
    if (count == 0) {
      return new int[0];
    }
    Buffer buffer = borrow(count);
    try {
      MemorySegment.copy(
          rows, 0, buffer.rows(), ValueLayout.JAVA_FLOAT, 0, Math.multiplyExact(count, width));
      Native.check(Duovox.duovox_kmeans_assign(self(), buffer.rows(), count, buffer.codes()));
      int[] codes = new int[count];
      MemorySegment.copy(buffer.codes(), ValueLayout.JAVA_INT, 0, codes, 0, count);
      return codes;
    } finally {
      free.push(buffer);
    }
  }

  private Buffer borrow(int count) {
    Buffer buffer = free.poll();
    if (buffer != null && buffer.capacity() >= count) {
      return buffer;
    }
    if (buffer != null) {
      buffer.arena().close();
    }
    // Larger than asked for, so that slowly rising counts do not replace the buffer every time.
    return Buffer.of(Math.max(1024, (int) Math.min(Integer.MAX_VALUE, count * 3L / 2)), width);
  }

  /// Frees the codebook and the buffers; no other thread may be in a call.
  @Override
  public void close() {
    super.close();
    for (Buffer buffer = free.poll(); buffer != null; buffer = free.poll()) {
      buffer.arena().close();
    }
  }
}
