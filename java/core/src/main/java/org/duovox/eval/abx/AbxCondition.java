package org.duovox.eval.abx;

import java.util.List;

/// What A, B and X have in common.
///
/// @param acrossSpeakers whether X is by another speaker than A and B
/// @param anyContext whether the neighbors of the three phones may differ
public record AbxCondition(boolean acrossSpeakers, boolean anyContext) {
  /// All four, in the order in which they are reported.
  public static final List<AbxCondition> ALL =
      List.of(
          new AbxCondition(false, false),
          new AbxCondition(true, false),
          new AbxCondition(false, true),
          new AbxCondition(true, true));

  /// Returns `within-speaker/any-context` and the like.
  public String label() {
    return (acrossSpeakers ? "across" : "within")
        + "-speaker/"
        + (anyContext ? "any" : "within")
        + "-context";
  }
}
