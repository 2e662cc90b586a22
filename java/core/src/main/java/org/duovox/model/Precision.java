package org.duovox.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.duovox.DuovoxException;
import org.duovox.internal.Device;

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
  FP16;

  /// Refuses what no device of this kind computes in.
  ///
  /// @throws DuovoxException (BAD_CONFIG)
  void requireOn(Device device) {
    if (this == FP16 && device == Device.CPU) {
      throw DuovoxException.config(
          "model.precision fp16 needs a GPU (--device cuda); on the CPU set it to fp32 or bf16");
    }
  }
}
