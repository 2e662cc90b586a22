package org.duovox.train.run;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.duovox.Versions;
import org.duovox.internal.NativeRuntime;

/// `environment.json` of a run: the machine and the programs of its last start.
///
/// @param started time of the start
/// @param cpu vector extension of libtorch's kernels
/// @param threads of libtorch
/// @param maxHeapBytes of the JVM
record RunEnvironment(
    String started,
    String duovox,
    String java,
    String jvm,
    String os,
    int processors,
    String libtorch,
    String cpu,
    int threads,
    int cudaDevices,
    String device,
    long maxHeapBytes,
    String corpusSha256) {

  /// Returns the environment of this process.
  static RunEnvironment here(String device, String corpusSha256) {
    NativeRuntime.Info runtime = NativeRuntime.info();
    return new RunEnvironment(
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
        Versions.DUOVOX,
        Runtime.version().toString(),
        System.getProperty("java.vm.name") + ", " + System.getProperty("java.vendor"),
        String.join(
            " ",
            System.getProperty("os.name"),
            System.getProperty("os.version"),
            System.getProperty("os.arch")),
        Runtime.getRuntime().availableProcessors(),
        runtime.libtorch(),
        runtime.cpuCapability(),
        runtime.threads(),
        runtime.cudaDevices(),
        device,
        Runtime.getRuntime().maxMemory(),
        corpusSha256);
  }
}
