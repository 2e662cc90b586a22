package org.duovox.units;

/// How two unit sets become a corpus.
///
/// @param mergeContextual equal neighbours in the contextual stream become one token with a
///   duration; true
/// @param mergePhonetic equal neighbours within one token's phonetic units become one; true
/// @param skipUnmatched utterances that only one set has are skipped and named, not refused; false
public record AlignConfig(boolean mergeContextual, boolean mergePhonetic, boolean skipUnmatched) {

  /// Both streams merged, as in the first author's prototype; unmatched utterances are refused.
  public static AlignConfig defaults() {
    return new AlignConfig(true, true, false);
  }
}
