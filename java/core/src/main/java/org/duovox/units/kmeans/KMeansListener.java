package org.duovox.units.kmeans;

/// Hears how a k-means fit goes on.
@FunctionalInterface
public interface KMeansListener {
  /// Hears nothing.
  KMeansListener NONE = progress -> {};

  /// What a fit is doing: its phase, the pass within it (from 1) and rows done of all rows of the
  /// pass.
  record Progress(Phase phase, int pass, int passes, long rows, long allRows) {}

  /// Parts of a fit, in order.
  enum Phase {
    SAMPLE,
    MINI_BATCH,
    LLOYD
  }

  void progress(Progress progress);
}
