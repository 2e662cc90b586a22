package org.duovox.internal;

import org.duovox.bindings.Duovox;

/// Where a model lives and a batch is computed.
public enum Device {
  CPU,
  CUDA;

  int code() {
    return this == CPU ? Duovox.DUOVOX_CPU() : Duovox.DUOVOX_CUDA();
  }
}
