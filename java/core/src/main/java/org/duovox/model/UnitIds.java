package org.duovox.model;

/// The ids of special units, which follow the codes: contextual CLS, SEP, MASK, PAD after the V
/// contextual codes, phonetic PAD and MASK after the Q phonetic codes (the layout of the first
/// author's prototype).
public record UnitIds(int contextualCodes, int phoneticCodes) {
  /// Special units of the contextual stream: CLS, SEP, MASK, PAD.
  public static final int CONTEXTUAL_SPECIALS = 4;

  /// Special units of the phonetic stream: PAD, MASK.
  public static final int PHONETIC_SPECIALS = 2;

  public static UnitIds of(ModelConfig config) {
    return new UnitIds(config.contextualCodes(), config.phoneticCodes());
  }

  public int cls() {
    return contextualCodes;
  }

  public int sep() {
    return contextualCodes + 1;
  }

  public int mask() {
    return contextualCodes + 2;
  }

  /// The last contextual id.
  public int pad() {
    return contextualCodes + 3;
  }

  /// The phonetic unit under CLS and SEP, and beyond the end of a row.
  public int phoneticPad() {
    return phoneticCodes;
  }

  /// The last phonetic id.
  public int phoneticMask() {
    return phoneticCodes + 1;
  }

  /// Whether batches have phonetic units: for two channels, or for a joint sequence.
  public boolean bothStreams() {
    return phoneticCodes > 0;
  }
}
