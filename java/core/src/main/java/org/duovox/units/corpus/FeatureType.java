package org.duovox.units.corpus;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.duovox.io.tensors.DType;

/// The number format in which a corpus stores continuous features.
public enum FeatureType {
  /// Half the space; relative error up to 2^-11, values up to 65504.
  @JsonProperty("float16")
  FLOAT16(DType.F16),
  @JsonProperty("float32")
  FLOAT32(DType.F32);

  private final DType dtype;

  FeatureType(DType dtype) {
    this.dtype = dtype;
  }

  DType dtype() {
    return dtype;
  }
}
