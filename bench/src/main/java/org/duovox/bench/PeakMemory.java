package org.duovox.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.ScalarResult;

/// A profiler of JMH: the greatest resident memory of a fork so far, Java heap and native memory.
public final class PeakMemory implements InternalProfiler {
  static final String LABEL = "memory.peak";

  @Override
  public String getDescription() {
    return "greatest resident memory of the fork";
  }

  @Override
  public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {}

  @Override
  public Collection<ScalarResult> afterIteration(
      BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
    try (Stream<String> status = Files.lines(Path.of("/proc/self/status"))) {
      return List.of(new ScalarResult(LABEL, mebibytes(status), "MiB", AggregationPolicy.MAX));
    } catch (IOException e) {
      return List.of();
    }
  }

  /// Reads the kernel's line `VmHWM: 1234 kB`; NaN without one.
  static double mebibytes(Stream<String> status) {
    return status
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToDouble(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024.0)
        .findFirst()
        .orElse(Double.NaN);
  }
}
