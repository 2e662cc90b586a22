package org.duovox.bench;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/// Runs one fork by JMH.
///
/// @param log file that JMH's own report of the last fork goes to
/// @param quick few steps
record Fork(Path log, boolean quick) {
  private static final String GC = "gc.alloc.rate.norm";

  /// @throws IllegalStateException when the fork fails
  Sample step(Side side, Case size, int round, Load load) {
    String environment =
        side.environment().entrySet().stream()
            .map(entry -> entry.getKey() + "=" + entry.getValue())
            .collect(Collectors.joining(" "));
    List<String> words = size.words();
    RunResult result =
        run(
            side.label(),
            options(StepBenchmark.class)
                .param("contender", side.label())
                .param("kind", words.get(0))
                .param("model", words.get(1))
                .param("batch", words.get(2))
                .param("dropout", Double.toString(size.dropout()))
                .warmupIterations(size.steps(quick) / 2)
                .measurementIterations(size.steps(quick))
                .addProfiler(GCProfiler.class)
                .addProfiler(StepHeap.class)
                .addProfiler(PeakMemory.class)
                .addProfiler(ForkEnvironment.class, environment));
    return new Sample(
        side,
        round,
        scores(result),
        secondary(result, StepHeap.LABEL),
        secondary(result, GC),
        secondary(result, PeakMemory.LABEL),
        load);
  }

  /// Returns the most floating-point operations per second of a matrix product, in 10^9.
  double productLimit() {
    RunResult result = run("the product", options(ProductBenchmark.class));
    double fastest = scores(result).stream().mapToDouble(Double::doubleValue).min().orElseThrow();
    return 2 * Math.pow(ProductBenchmark.SIZE, 3) / fastest / 1e6;
  }

  private ChainedOptionsBuilder options(Class<?> benchmark) {
    return new OptionsBuilder()
        .include(benchmark.getName() + "\\.")
        .forks(1)
        .shouldFailOnError(true)
        .output(log.toString());
  }

  private RunResult run(String what, ChainedOptionsBuilder options) {
    try {
      return new Runner(options.build()).runSingle();
    } catch (RunnerException e) {
      throw new IllegalStateException(what + ": the fork failed; " + log + " says why", e);
    }
  }

  private static List<Double> scores(RunResult result) {
    return result.getBenchmarkResults().stream()
        .map(BenchmarkResult::getIterationResults)
        .flatMap(Collection::stream)
        .map(iteration -> iteration.getPrimaryResult().getScore())
        .toList();
  }

  private static double secondary(RunResult result, String label) {
    Result<?> found = result.getSecondaryResults().get(label);
    return found == null ? Double.NaN : found.getScore();
  }
}
