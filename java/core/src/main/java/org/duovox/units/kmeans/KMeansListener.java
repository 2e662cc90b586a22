package org.duovox.units.kmeans;

/// Receives the progress of a k-means fit.
@FunctionalInterface
public interface KMeansListener {
  /// Ignores everything.
  KMeansListener NONE = progress -> {};

  /// The state of a fit: its phase, the pass within it (from 1), and rows done of all rows of the
  /// pass.
  record Progress(Phase phase, int pass, int passes, long rows, long allRows) {}

  /// Phases of a fit, in order.
  enum Phase {
    SAMPLE,
    MINI_BATCH,
    LLOYD
  }

  void progress(Progress progress);
}
