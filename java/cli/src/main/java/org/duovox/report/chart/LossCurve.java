package org.duovox.report.chart;

import java.util.stream.Stream;

/// The training losses of one model; NaN leaves a gap.
///
/// @param name of the model
/// @param steps (n) rising step numbers
/// @param total (n) the loss that is minimized
/// @param mcp (n) masked context prediction, or empty when it is not an objective
/// @param mcr (n) masked context reconstruction, or empty when it is not an objective
public record LossCurve(String name, long[] steps, double[] total, double[] mcp, double[] mcr) {
  public LossCurve {
    int n = steps.length;
    if (total.length != n || Stream.of(mcp, mcr).anyMatch(v -> v.length != 0 && v.length != n)) {
      throw new IllegalArgumentException("the losses of " + name + " must have " + n + " values");
    }
  }
}
