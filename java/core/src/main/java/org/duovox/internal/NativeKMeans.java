package org.duovox.internal;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.duovox.bindings.Duovox;
import org.duovox.bindings.duovox_kmeans_config;
import org.duovox.bindings.duovox_kmeans_report;

/// A k-means codebook that is fitted in the native library: k-means++ start, mini-batch steps,
/// streamed Lloyd passes, assignment.
///
/// The rows of a call are the first `count` of a block whose width is the codebook's.
public final class NativeKMeans extends Handle {
  /// What a step or pass did.
  ///
  /// @param rows it has seen
  /// @param emptyClusters clusters without a row
  /// @param inertia sum of squared distances to the nearest centroid, before the update
  /// @param shift largest Euclidean move of a centroid
  public record Report(long rows, long emptyClusters, double inertia, double shift) {}

  private final int clusters;
  private final int width;

  /// A codebook of `clusters` centroids of `width` values, which has no centroids yet.
  ///
  /// @param seed of the k-means++ draw and of the repair of empty clusters
  public NativeKMeans(int clusters, int width, long seed) {
    super(create(clusters, width, seed), Arena.ofConfined(), Duovox::duovox_kmeans_destroy);
    this.clusters = clusters;
    this.width = width;
  }

  private static MemorySegment create(int clusters, int width, long seed) {
    return Native.create(arena -> {
      MemorySegment config = duovox_kmeans_config.allocate(arena);
      duovox_kmeans_config.clusters(config, clusters);
      duovox_kmeans_config.width(config, width);
      duovox_kmeans_config.seed(config, seed);
      return out -> Duovox.duovox_kmeans_create(config, out);
    });
  }

  /// Chooses the first centroids by k-means++, on a sample of at least as many rows as clusters.
  public void start(NativeRows rows, int count) {
    Native.check(Duovox.duovox_kmeans_start(self(), segment(rows, count), count));
  }

  /// Takes one mini-batch step.
  public Report miniBatch(NativeRows rows, int count) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = duovox_kmeans_report.allocate(arena);
      Native.check(Duovox.duovox_kmeans_minibatch(self(), segment(rows, count), count, out));
      return report(out);
    }
  }

  /// Adds rows to the current Lloyd pass; centroids stay.
  public void lloydAdd(NativeRows rows, int count) {
    Native.check(Duovox.duovox_kmeans_lloyd_add(self(), segment(rows, count), count));
  }

  /// Ends the Lloyd pass: the centroids become the means of their rows.
  public Report lloydEnd() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = duovox_kmeans_report.allocate(arena);
      Native.check(Duovox.duovox_kmeans_lloyd_end(self(), out));
      return report(out);
    }
  }

  /// Replaces the centroids, (clusters, width) row-major.
  public void setCentroids(float[] centroids) {
    try (Arena arena = Arena.ofConfined()) {
      Native.check(
          Duovox.duovox_kmeans_set_centroids(
              self(), Native.copy(arena, centroids, centroids.length), centroids.length / width));
    }
  }

  /// Reads the centroids, (clusters, width) row-major.
  public float[] centroids() {
    long values = (long) clusters * width;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = Native.floats(arena, values);
      Native.check(Duovox.duovox_kmeans_centroids(self(), out, values));
      return Native.toFloats(out, values);
    }
  }

  /// Returns the code of the nearest centroid of each row; ties go to the lower code.
  public int[] assign(NativeRows rows, int count) {
    if (count == 0) {
      return new int[0];
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment codes = arena.allocate(ValueLayout.JAVA_INT, count);
      Native.check(Duovox.duovox_kmeans_assign(self(), segment(rows, count), count, codes));
      return codes.toArray(ValueLayout.JAVA_INT);
    }
  }

  /// Returns the codes of the rows in an array, (count, width) row-major.
  public int[] assign(float[] rows) {
    try (NativeRows block = new NativeRows(rows.length / width, width)) {
      block.floats(0, block.capacity()).put(rows);
      return assign(block, block.capacity());
    }
  }

  private MemorySegment segment(NativeRows rows, int count) {
    if (rows.width() != width || count > rows.capacity()) {
      throw new IllegalArgumentException(
          "%d rows of a block (%d, %d) for centroids of width %d"
              .formatted(count, rows.capacity(), rows.width(), width));
    }
    return rows.segment();
  }

  private static Report report(MemorySegment out) {
    return new Report(
        duovox_kmeans_report.rows(out),
        duovox_kmeans_report.empty_clusters(out),
        duovox_kmeans_report.inertia(out),
        duovox_kmeans_report.shift(out));
  }
}
