package org.duovox.report.chart;

import java.util.function.DoubleFunction;

/// Draws the quiet frame of a chart: faint grid lines and tick labels, no boxes.
final class Axes {
  private Axes() {}

  /// Horizontal grid lines with labels on their left.
  static void vertical(
      Markup out, Scale y, double left, double right, DoubleFunction<String> label) {
    for (double tick : y.ticks(4)) {
      double at = y.at(tick);
      out.line("grid", left, at, right, at);
      out.centered("tick end", label.apply(tick), left - 6, at);
    }
  }

  /// Tick labels below a base line.
  static void horizontal(Markup out, Scale x, double y, int ticks, DoubleFunction<String> label) {
    out.line("base", x.from(), y, x.to(), y);
    for (double tick : x.ticks(ticks)) {
      double at = x.at(tick);
      out.line("base", at, y, at, y + 4);
      out.label("tick middle", label.apply(tick), at, y + 17);
    }
  }

  /// The name of a horizontal axis, at its right end.
  static void name(Markup out, Scale x, double y, String name) {
    out.label("axis-name end", name, x.to(), y);
  }
}
