package org.duovox.report.chart;

import java.util.Arrays;

/// How often each unit of a codebook occurs.
///
/// @param name of the codebook
/// @param counts (vocabulary) number of frames of each unit
public record CodebookUsage(String name, long[] counts) {

  /// Number of frames.
  public long total() {
    return Arrays.stream(counts).sum();
  }

  /// The exponential of the entropy: the number of equally frequent units that would be as varied;
  /// NaN without frames.
  public double perplexity() {
    double total = total();
    if (total == 0) {
      return Double.NaN;
    }
    double entropy = 0;
    for (long count : counts) {
      double share = count / total;
      entropy -= share == 0 ? 0 : share * Math.log(share);
    }
    return Math.exp(entropy);
  }

  /// Share of the commonest unit; NaN without frames.
  public double commonestShare() {
    return (double) Arrays.stream(counts).max().orElse(0) / total();
  }

  /// Number of units that never occur.
  public long unused() {
    return Arrays.stream(counts).filter(count -> count == 0).count();
  }
}
