package org.duovox.train.data;

import org.duovox.DuovoxException;

/// Settings of masking: which tokens are hidden and become targets.
///
/// @param probability share of an utterance's tokens that are targets; 0.15
/// @param keep share of the targets that stay visible; 0.2 (first author's prototype)
/// @param random share of the targets that become a random code; 0 (fairseq: 0.1 with keep 0.1)
/// @param spanLength 1 = single tokens; above, fairseq's spans of this mean length
/// @param spanStddev standard deviation of a span's length
/// @param maskPhonetic hide the phonetic units under a token that is replaced by MASK too; false
public record MaskingConfig(
    double probability,
    double keep,
    double random,
    double spanLength,
    double spanStddev,
    boolean maskPhonetic) {

  public MaskingConfig {
    require(probability > 0 && probability <= 1, "probability must be above 0 and at most 1");
    require(
        keep >= 0 && random >= 0 && keep + random <= 1, "keep and random must be 0 to 1 together");
    require(spanLength >= 1 && spanLength <= 10_000, "span_length must be 1 to 10000");
    require(spanStddev >= 0 && spanStddev <= 10_000, "span_stddev must be 0 to 10000");
  }

  /// Returns the default: 15 % of the tokens one by one, 80 % of them MASK, 20 % kept, phonetic
  /// units visible.
  public static MaskingConfig defaults() {
    return new MaskingConfig(0.15, 0.2, 0, 1, 0, false);
  }

  private static void require(boolean condition, String rule) {
    if (!condition) {
      throw DuovoxException.config("masking: " + rule);
    }
  }
}
