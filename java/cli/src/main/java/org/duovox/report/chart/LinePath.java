package org.duovox.report.chart;

import java.util.stream.IntStream;

/// The path of a line through values over steps: straight segments between finite values; of long
/// lines the lowest and highest value of each bucket.
final class LinePath {
  private static final int BUCKETS = 300;

  private LinePath() {}

  static String of(long[] steps, double[] values, Scale x, Scale y) {
    StringBuilder path = new StringBuilder();
    boolean pen = false;
    for (int i : kept(values)) {
      if (!Double.isFinite(values[i])) {
        pen = false;
        continue;
      }
      path.append(pen ? 'L' : 'M')
          .append(Numbers.coordinate(x.at(steps[i])))
          .append(' ')
          .append(Numbers.coordinate(y.at(values[i])));
      pen = true;
    }
    return path.toString();
  }

  private static int[] kept(double[] values) {
    int n = values.length;
    if (n <= 2 * BUCKETS) {
      return IntStream.range(0, n).toArray();
    }
    IntStream.Builder kept = IntStream.builder();
    for (int bucket = 0; bucket < BUCKETS; bucket++) {
      int start = (int) ((long) bucket * n / BUCKETS);
      int end = (int) ((bucket + 1L) * n / BUCKETS);
      int lowest = start;
      int highest = start;
      for (int i = start; i < end; i++) {
        lowest = values[i] < values[lowest] ? i : lowest;
        highest = values[i] > values[highest] ? i : highest;
      }
      kept.add(Math.min(lowest, highest)).add(Math.max(lowest, highest));
    }
    return kept.build().distinct().toArray();
  }
}
