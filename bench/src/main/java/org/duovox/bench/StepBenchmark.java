package org.duovox.bench;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// One training step of a contender; JMH gives every combination of parameters JVMs of its own.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(5)
@Warmup(iterations = 3)
@Measurement(iterations = 10)
public class StepBenchmark {
  /// Which side.
  @Param({"duovox", "duovox-naive", "djl"})
  public String contender;

  /// Channels: dual or single.
  @Param("dual")
  public String kind;

  /// Layers and hidden width.
  @Param("4x512")
  public String model;

  /// Rows and tokens.
  @Param({"4x128", "16x128", "1x1024"})
  public String batch;

  /// Probability of dropout.
  @Param({"0", "0.1"})
  public double dropout;

  private Contender side;

  /// Opens the contender on the parameters that all begin with.
  @Setup
  public void open() {
    Case size = Case.of(kind, model, batch, dropout);
    try (WeightsFile weights = WeightsFile.write(size, 1)) {
      side = Side.of(contender).open(size, weights.file());
    }
  }

  /// Returns the loss, so that the step is complete when it returns.
  @Benchmark
  public double step() {
    return StepHeap.count(side);
  }

  /// Frees the contender's memory.
  @TearDown
  public void close() {
    side.close();
  }
}
