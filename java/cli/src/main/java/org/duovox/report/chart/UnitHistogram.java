package org.duovox.report.chart;

import java.util.Arrays;
import org.duovox.units.CodebookUse;

/// How often each unit of a codebook occurs, for its chart.
///
/// @param name of the codebook
/// @param counts (vocabulary) number of frames of each unit
public record UnitHistogram(String name, long[] counts) {

  /// Number of frames.
  public long total() {
    return Arrays.stream(counts).sum();
  }

  /// The figures that stand beside the chart.
  public CodebookUse use() {
    return CodebookUse.of(counts);
  }
}
