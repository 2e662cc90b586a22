package org.duovox.model;

import com.fasterxml.jackson.annotation.JsonProperty;

/// What follows the convolution of the heterogeneous interaction; the order is that of
/// `duovox_activation`.
public enum Activation {
  @JsonProperty("none")
  NONE,
  @JsonProperty("tanh")
  TANH,
  @JsonProperty("gelu")
  GELU
}
