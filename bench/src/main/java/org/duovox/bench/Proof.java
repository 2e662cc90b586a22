package org.duovox.bench;

import java.util.List;
import java.util.Set;

/// What the proof of equal math found.
///
/// @param agreements of each contender with Duovox
/// @param missing contenders that did not run
record Proof(List<Agreement> agreements, Set<Side> missing) {
  /// The greatest relative difference of the losses of step 1.
  static final double FIRST = 1e-5;

  /// Relative differences of a contender's losses to Duovox's on one model and batch.
  ///
  /// @param allowed greatest difference of the last step's loss
  record Agreement(String model, Side side, int steps, double first, double last, double allowed) {
    static Agreement of(
        Case size, Side side, List<Double> ours, List<Double> theirs, double allowed) {
      return new Agreement(
          String.join(" ", size.words()),
          side,
          ours.size(),
          difference(ours.getFirst(), theirs.getFirst()),
          difference(ours.getLast(), theirs.getLast()),
          allowed);
    }

    boolean equal() {
      return first <= FIRST && last <= allowed;
    }
  }

  boolean equal() {
    return agreements.stream().allMatch(Agreement::equal);
  }

  static double difference(double a, double b) {
    // A loss that is not a number differs from everything.
    double relative = Math.abs(a - b) / Math.abs(a);
    return Double.isNaN(relative) ? Double.POSITIVE_INFINITY : relative;
  }
}
