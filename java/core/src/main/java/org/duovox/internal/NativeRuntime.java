package org.duovox.internal;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.duovox.bindings.Duovox;
import org.duovox.bindings.duovox_runtime_info;

/// What the native library runs on: versions, threads, devices.
public final class NativeRuntime {
  /// Version of libtorch, its vector extension, intra-operation threads, CUDA devices in use.
  public record Info(String libtorch, String cpuCapability, int threads, int cudaDevices) {}

  private NativeRuntime() {}

  /// Loads the library if need be and tells what it runs on.
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

  /// Sets the number of intra-operation threads, 1 to 1024.
  public static void setThreads(int threads) {
    NativeLibrary.ensureLoaded();
    Native.check(Duovox.duovox_set_threads(threads));
  }

  /// Switches the CUDA part of libtorch on.
  ///
  /// @throws org.duovox.DuovoxException (UNAVAILABLE) when it, a driver or a device is missing
  public static void loadCuda() {
    NativeLibrary.ensureLoaded();
    Native.check(Duovox.duovox_cuda_load());
  }
}
