package org.duovox.bench;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.ScalarResult;

/// A profiler of JMH: bytes that the last step itself allocated on the Java heap.
///
/// JMH's own profiler `gc` counts the whole iteration, which is one step here: tens of kilobytes of
/// every contender's are then JMH's.
public final class StepHeap implements InternalProfiler {
  static final String LABEL = "heap.step";

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static volatile long last;

  /// Takes a step and counts.
  static double count(Contender contender) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    double loss = contender.step();
    last = THREADS.getCurrentThreadAllocatedBytes() - before;
    return loss;
  }

  @Override
  public String getDescription() {
    return "bytes of Java heap that a step allocates";
  }

  @Override
  public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {}

  @Override
  public Collection<ScalarResult> afterIteration(
      BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
    return List.of(new ScalarResult(LABEL, last, "B", AggregationPolicy.AVG));
  }
}
