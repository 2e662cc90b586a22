package org.duovox.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// The limit of a step's matrix products: one large float32 product, by the libtorch of DJL.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 5)
@Measurement(iterations = 20)
public class ProductBenchmark {
  /// Rows and columns of both factors: far larger than any cache, as a step's products are.
  static final int SIZE = 2048;

  private NDManager arrays;
  private NDArray left;
  private NDArray right;

  /// Makes the factors.
  @Setup
  public void open() {
    arrays = NDManager.newBaseManager();
    left = arrays.randomNormal(new Shape(SIZE, SIZE));
    right = arrays.randomNormal(new Shape(SIZE, SIZE));
  }

  /// Returns one value of the product, so that it is complete.
  @Benchmark
  public float product() {
    try (NDArray product = left.matMul(right)) {
      return product.getFloat(0, 0);
    }
  }

  /// Frees the arrays.
  @TearDown
  public void close() {
    arrays.close();
  }
}
