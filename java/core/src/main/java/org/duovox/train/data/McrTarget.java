package org.duovox.train.data;

import com.fasterxml.jackson.annotation.JsonProperty;

/// What masked context reconstruction aims at, standardized by the codebook either way; the order
/// is that of `duovox_mcr_target`.
public enum McrTarget {
  /// The codebook vector of the true unit.
  @JsonProperty("codebook")
  CODEBOOK,
  /// The mean continuous feature of the merged token, which the corpus must keep.
  @JsonProperty("feature")
  FEATURE
}
