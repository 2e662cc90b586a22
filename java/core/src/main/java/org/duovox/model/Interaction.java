package org.duovox.model;

import com.fasterxml.jackson.annotation.JsonProperty;

/// Which weights the heterogeneous interaction of two channels has; the order is that of
/// `duovox_interaction`.
public enum Interaction {
  /// A set for each layer, as the paper says.
  @JsonProperty("per_layer")
  PER_LAYER,
  /// One set, norms included, used after every layer, as CharBERT's code has it.
  @JsonProperty("shared")
  SHARED,
  /// No interaction: the channels meet in the heads only. An ablation.
  @JsonProperty("none")
  NONE
}
