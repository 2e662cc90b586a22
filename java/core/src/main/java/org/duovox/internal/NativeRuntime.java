package org.duovox.internal;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.function.UnaryOperator;
import org.duovox.bindings.Duovox;
import org.duovox.bindings.duovox_runtime_info;

/// What the native library runs on: its version of libtorch, threads and devices.
///
/// Also sets how many threads libtorch's OpenMP has and how they wait, where the environment does
/// not: other programs use the library without Duovox's launcher, which sets both.
public final class NativeRuntime {
  /// What the native library found.
  ///
  /// @param libtorch its version
  /// @param cpuCapability the vector extension that libtorch uses
  /// @param threads within an operation
  /// @param cudaDevices in use; 0 before [#loadCuda()]
  public record Info(String libtorch, String cpuCapability, int threads, int cudaDevices) {}

  /// Rounds that a thread spins before it sleeps: a fraction of a millisecond. OpenMP's default is
  /// some milliseconds, and sleeping at once makes a small model's training step up to two thirds
  /// slower. `./duovox` sets the same. The native side shortens it where other processes compete
  /// for the processors.
  static final int SPINS = 20_000;

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

  /// Sets how threads wait. Must run before OpenMP is loaded, which reads the environment only
  /// then.
  static void setDefaultsBeforeLoading() {
    if (isWaitingUnset(System::getenv)) {
      setEnvironment("GOMP_SPINCOUNT", Integer.toString(SPINS));
    }
  }

  /// Whether neither of OpenMP's variables says how threads wait.
  static boolean isWaitingUnset(UnaryOperator<String> environment) {
    return environment.apply("OMP_WAIT_POLICY") == null
        && environment.apply("GOMP_SPINCOUNT") == null;
  }

  /// Limits the threads to the processors: OpenMP counts those that the process may run on; the JVM
  /// also knows what share of them a container gives.
  static void setDefaultsAfterLoading() {
    if (System.getenv("OMP_NUM_THREADS") != null) {
      return;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment info = duovox_runtime_info.allocate(arena);
      Native.check(Duovox.duovox_runtime(info));
      int processors = Runtime.getRuntime().availableProcessors();
      if (duovox_runtime_info.threads(info) > processors) {
        Native.check(Duovox.duovox_set_threads(processors));
      }
    }
  }

  /// Sets a variable for native code; the JVM's own copy of the environment does not change.
  private static void setEnvironment(String name, String value) {
    try (Arena arena = Arena.ofConfined()) {
      int ignored =
          (int)
              function("setenv", JAVA_INT, ADDRESS, ADDRESS, JAVA_INT)
                  .invokeExact(arena.allocateFrom(name), arena.allocateFrom(value), 0);
    } catch (Throwable e) {
      throw new IllegalStateException("setenv of the C library", e);
    }
  }

  /// Returns a variable as native code sees it; null when it is not set.
  static String environment(String name) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment value =
          (MemorySegment)
              function("getenv", ADDRESS, ADDRESS).invokeExact(arena.allocateFrom(name));
      return value.equals(MemorySegment.NULL)
          ? null
          : value.reinterpret(Long.MAX_VALUE).getString(0);
    } catch (Throwable e) {
      throw new IllegalStateException("getenv of the C library", e);
    }
  }

  private static MethodHandle function(String name, MemoryLayout result, MemoryLayout... types) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().find(name).orElseThrow(), FunctionDescriptor.of(result, types));
  }
}
