package org.duovox.model;

import com.fasterxml.jackson.annotation.JsonProperty;

/// What the passes of a training compute in; parameters, gradients of a step and the optimizer stay
/// float32. The order is that of `duovox_precision`.
public enum Precision {
  @JsonProperty("fp32")
  FP32,
  /// On a processor that multiplies bfloat16, or on CUDA.
  @JsonProperty("bf16")
  BF16,
  /// On CUDA only, with dynamic loss scaling.
  @JsonProperty("fp16")
  FP16
}
