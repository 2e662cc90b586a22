package org.duovox.train.data;

import com.fasterxml.jackson.annotation.JsonProperty;

/// The target of masked context reconstruction, standardized by the codebook either way; in the
/// order of `duovox_mcr_target`.
public enum McrTarget {
  /// The codebook vector of the true unit.
  @JsonProperty("codebook")
  CODEBOOK,
  /// The mean continuous feature of the merged token, which the corpus must keep.
  @JsonProperty("feature")
  FEATURE
}
