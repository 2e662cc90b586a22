package org.duovox.report.chart;

import java.util.List;

/// One figure of trainings over their steps.
///
/// @param title what is drawn, e.g. "Loss"
/// @param caption figures in words below it; may be empty
/// @param fromZero whether the axis begins at zero
/// @param series lines of one or several runs
/// @param levels horizontal lines to compare with
/// @param marks steps that stand out
public record CurveChart(
    String title,
    String caption,
    boolean fromZero,
    List<Series> series,
    List<Level> levels,
    List<Mark> marks) {

  /// A horizontal line with its name.
  public record Level(String name, double value) {}

  /// A step at which something happened.
  public record Mark(Kind kind, long step) {
    /// What happened.
    public enum Kind {
      /// The loss leapt up.
      SPIKE,
      /// The step changed nothing, since it was not finite.
      SKIPPED
    }
  }

  public CurveChart {
    series = List.copyOf(series);
    levels = List.copyOf(levels);
    marks = List.copyOf(marks);
  }
}
