package org.duovox.bench;

import java.util.Arrays;
import java.util.List;
import org.duovox.eval.ClusterBootstrap;
import org.duovox.eval.Estimate;
import org.jspecify.annotations.Nullable;

/// What was measured of one case, and its summary.
///
/// @param gflop floating-point operations of a step's matrix products, in 10^9: three times those
///   of the forward pass
/// @param rows one of each contender
record CaseResult(String name, double gflop, List<Row> rows, List<Sample> samples) {
  private static final ClusterBootstrap BOOTSTRAP = ClusterBootstrap.seeded(1);

  /// One contender's summary.
  ///
  /// @param times ratio of its median to Duovox's, with a 95 % interval over rounds
  /// @param gflops per second of its fastest step, in 10^9
  /// @param heapBytes allocated on the Java heap by a step
  /// @param gcBytes the same by JMH's profiler, with JMH's own share
  /// @param share of the limit of matrix products; null when that was not measured
  record Row(
      Side side,
      int forks,
      int steps,
      double fastest,
      double median,
      Estimate times,
      double heapBytes,
      double gcBytes,
      double peakMebibytes,
      double gflops,
      @Nullable Double share) {}

  static CaseResult of(Case size, double gflop, List<Sample> samples, @Nullable Double limit) {
    String name =
        "%s, dropout %s".formatted(String.join(" ", size.words()), Double.toString(size.dropout()));
    List<Row> rows =
        samples.stream()
            .map(Sample::side)
            .distinct()
            .map(side -> row(side, gflop, samples, limit))
            .toList();
    return new CaseResult(name, gflop, rows, samples);
  }

  private static Row row(Side side, double gflop, List<Sample> samples, @Nullable Double limit) {
    List<Sample> own = samples.stream().filter(sample -> sample.side() == side).toList();
    double[] all =
        own.stream().flatMap(s -> s.milliseconds().stream()).mapToDouble(x -> x).toArray();
    double fastest = Median.of(all).least();
    double speed = gflop / (fastest / 1_000);
    return new Row(
        side,
        own.size(),
        all.length,
        fastest,
        Median.of(all).value(),
        times(side, samples),
        Median.of(own.stream().mapToDouble(Sample::heapBytes).toArray()).value(),
        Median.of(own.stream().mapToDouble(Sample::gcBytes).toArray()).value(),
        own.stream().mapToDouble(Sample::peakMebibytes).max().orElse(Double.NaN),
        speed,
        limit == null ? null : speed / limit);
  }

  /// The ratio of medians. What is drawn again are rounds, each with its fork of both sides, since
  /// the steps of a fork, and what the machine did in a round, are alike.
  static Estimate times(Side side, List<Sample> samples) {
    List<Step> steps =
        samples.stream()
            .filter(sample -> sample.side() == side || sample.side() == Side.DUOVOX)
            .flatMap(s -> s.milliseconds().stream().map(ms -> new Step(s.side(), s.round(), ms)))
            .toList();
    return BOOTSTRAP.of(
        steps.stream().map(step -> Integer.toString(step.round)).toList(),
        ClusterBootstrap.Resample.GROUPS,
        indices -> median(side, steps, indices) / median(Side.DUOVOX, steps, indices));
  }

  private record Step(Side side, int round, double milliseconds) {}

  private static double median(Side side, List<Step> steps, int[] indices) {
    double[] values = new double[indices.length];
    int count = 0;
    for (int index : indices) {
      if (steps.get(index).side == side) {
        values[count++] = steps.get(index).milliseconds;
      }
    }
    return Median.of(Arrays.copyOf(values, count)).value();
  }
}
