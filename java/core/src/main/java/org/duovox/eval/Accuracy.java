package org.duovox.eval;

import java.util.Arrays;

/// The share of right predictions, with its bootstrap interval.
public final class Accuracy {
  private Accuracy() {}

  /// Returns the accuracy of predicted classes.
  ///
  /// @param truth (n) the right class of each item
  /// @param predicted (n) the predicted class of each item
  /// @param seed of the bootstrap
  /// @return the share in [0, 1]; NaN for no items
  public static Estimate of(int[] truth, int[] predicted, long seed) {
    return Bootstrap.seeded(seed).mean(hits(truth, predicted));
  }

  /// Returns (n) 1 for each right prediction, 0 for each wrong one.
  public static double[] hits(int[] truth, int[] predicted) {
    if (truth.length != predicted.length) {
      throw new IllegalArgumentException(
          truth.length + " right classes but " + predicted.length + " predictions");
    }
    double[] hits = new double[truth.length];
    Arrays.setAll(hits, i -> truth[i] == predicted[i] ? 1 : 0);
    return hits;
  }
}
