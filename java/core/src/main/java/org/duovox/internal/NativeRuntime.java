package org.duovox.internal;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.duovox.bindings.Duovox;
import org.duovox.bindings.duovox_runtime_info;

/// What the native library runs on: its version of libtorch, threads and devices.
public final class NativeRuntime {
  /// What the native library found.
  ///
  /// @param libtorch its version
  /// @param cpuCapability the vector extension that libtorch uses
  /// @param threads within an operation
  /// @param cudaDevices in use; 0 before [#loadCuda()]
  public record Info(String libtorch, String cpuCapability, int threads, int cudaDevices) {}

  private NativeRuntime() {}

  /// Returns what the library runs on; loads it if necessary.
  public static Info info() {
    NativeLibrary.ensureLoaded();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = duovox_runtime_info.allocate(arena);
      Native.check(Duovox.duovox_runtime(out));
      return new Info(
          duovox_runtime_info.libtorch_version(out).getString(0),
          duovox_runtime_info.cpu_capability(out).getString(0),
          duovox_runtime_info.threads(out),
          duovox_runtime_info.cuda_devices(out));
    }
  }

  /// Sets the number of threads within an operation, 1 to 1024.
  public static void setThreads(int threads) {
    NativeLibrary.ensureLoaded();
    Native.check(Duovox.duovox_set_threads(threads));
  }

  /// Loads the CUDA part of libtorch.
  ///
  /// @throws org.duovox.DuovoxException (UNAVAILABLE) when it, a driver or a device is missing
  public static void loadCuda() {
    NativeLibrary.ensureLoaded();
    Native.check(Duovox.duovox_cuda_load());
  }
}
