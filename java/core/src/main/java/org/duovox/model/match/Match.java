package org.duovox.model.match;

import com.fasterxml.jackson.annotation.JsonProperty;

/// The quantity in which a baseline equals the dual-channel model of the same settings.
public enum Match {
  /// Nothing: the baseline keeps its hidden width.
  @JsonProperty("none")
  NONE,
  /// Trainable parameters.
  @JsonProperty("parameters")
  PARAMETERS,
  /// Floating-point operations of a forward pass over an utterance.
  @JsonProperty("flops")
  FLOPS
}
