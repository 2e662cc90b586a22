package org.duovox.model;

/// The ids of special units beside the codes: contextual CLS, SEP, MASK, PAD after the V codes,
/// phonetic PAD and MASK after the Q codes (the layout of the first author's prototype).
public record UnitIds(int contextualCodes, int phoneticCodes) {

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

  public int pad() {
    return contextualCodes + 3;
  }

  /// The unit under CLS and SEP, and beyond the end.
  public int phoneticPad() {
    return phoneticCodes;
  }

  public int phoneticMask() {
    return phoneticCodes + 1;
  }

  /// Whether batches bring phonetic units: for two channels, or for a joint sequence.
  public boolean dual() {
    return phoneticCodes > 0;
  }
}
