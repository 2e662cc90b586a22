package org.duovox.bench;

import java.io.File;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.profile.ExternalProfiler;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.Result;

/// Starts JMH's forks with more in their environment, as profilers like perf start them: JMH has no
/// option for it.
public final class ForkEnvironment implements ExternalProfiler {
  private final List<String> variables;

  /// @param variables such as `A=1 B=2`
  public ForkEnvironment(String variables) {
    this.variables = variables.isEmpty() ? List.of() : List.of(variables.split(" "));
  }

  @Override
  public Collection<String> addJVMInvokeOptions(BenchmarkParams params) {
    return Stream.concat(Stream.of("env"), variables.stream()).toList();
  }

  @Override
  public Collection<String> addJVMOptions(BenchmarkParams params) {
    return List.of();
  }

  @Override
  public void beforeTrial(BenchmarkParams params) {}

  @Override
  public Collection<? extends Result<?>> afterTrial(
      BenchmarkResult result, long pid, File out, File error) {
    return List.of();
  }

  @Override
  public boolean allowPrintOut() {
    return true;
  }

  @Override
  public boolean allowPrintErr() {
    return true;
  }

  @Override
  public String getDescription() {
    return "environment of the fork";
  }
}
