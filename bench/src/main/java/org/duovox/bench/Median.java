package org.duovox.bench;

import java.util.Arrays;

/// The median and the least of values; NaN of none.
record Median(double value, double least) {
  static Median of(double[] values) {
    int count = values.length;
    if (count == 0) {
      return new Median(Double.NaN, Double.NaN);
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return new Median((sorted[(count - 1) / 2] + sorted[count / 2]) / 2, sorted[0]);
  }
}
