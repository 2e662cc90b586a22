package org.duovox.eval.compare;

import com.fasterxml.jackson.annotation.JsonProperty;

/// What a comparison found.
public enum Verdict {
  /// The first is better.
  @JsonProperty("better")
  BETTER("better"),
  /// The first is worse.
  @JsonProperty("worse")
  WORSE("worse"),
  /// The difference is one that seeds and items alone would make.
  @JsonProperty("inside the noise")
  INSIDE_THE_NOISE("inside the noise"),
  /// No seed has both scores, or a score is undefined.
  @JsonProperty("no result")
  NO_RESULT("no result");

  private static final double LEVEL = 0.05;

  private final String label;

  Verdict(String label) {
    this.label = label;
  }

  /// Returns the verdict on an effect at the 5 % level.
  ///
  /// @param p after correction for the other comparisons
  public static Verdict of(double effect, double p) {
    if (Double.isNaN(effect) || Double.isNaN(p)) {
      return NO_RESULT;
    }
    if (p >= LEVEL || effect == 0) {
      return INSIDE_THE_NOISE;
    }
    return effect > 0 ? BETTER : WORSE;
  }

  /// Returns the words of results and tables.
  public String label() {
    return label;
  }
}
