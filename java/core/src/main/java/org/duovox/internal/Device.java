package org.duovox.internal;

import org.duovox.bindings.Duovox;

/// The kind of device that holds a model and computes its batches.
public enum Device {
  CPU,
  CUDA;

  int code() {
    return this == CPU ? Duovox.DUOVOX_CPU() : Duovox.DUOVOX_CUDA();
  }
}
