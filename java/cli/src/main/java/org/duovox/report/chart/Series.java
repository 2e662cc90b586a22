package org.duovox.report.chart;

/// One line of a chart over training steps; NaN leaves a gap.
///
/// @param run index of the run, which gives the color; 0 for the first
/// @param heldOut whether it is of held-out utterances: dashed, with dots
/// @param steps (n) rising step numbers
/// @param values (n)
@SuppressWarnings("ArrayRecordComponent") // Drawn and dropped; copies would say nothing.
public record Series(int run, boolean heldOut, long[] steps, double[] values) {
  public Series {
    if (steps.length != values.length) {
      throw new IllegalArgumentException(
          "%d steps with %d values".formatted(steps.length, values.length));
    }
  }

  /// The last finite value; NaN for none.
  public double last() {
    for (int i = values.length - 1; i >= 0; i--) {
      if (Double.isFinite(values[i])) {
        return values[i];
      }
    }
    return Double.NaN;
  }
}
