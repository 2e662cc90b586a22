package org.duovox.report.chart;

import java.util.List;
import java.util.function.DoubleFunction;
import org.duovox.report.Wording;
import org.duovox.report.chart.Canvas.Anchor;
import org.duovox.report.chart.Canvas.Label;

/// Draws the quiet frame of a chart, faint grid lines and labels of ticks without boxes, and writes
/// the numbers at ticks.
final class Axes {
  static final Look GRID = Look.stroke("grid", Ink.GRID, 1);
  private static final Look BASE = Look.stroke("base", Ink.BASE, 1);
  private static final Look TICK_LEFT = Look.text("tick end", Ink.QUIET, 11, Anchor.END);
  private static final Look TICK_BELOW = Look.text("tick middle", Ink.QUIET, 11, Anchor.MIDDLE);
  private static final Look NAME = Look.text("axis-name end", Ink.QUIET, 11, Anchor.END);

  private static final double CHARACTER = 6;

  private Axes() {}

  /// Draws horizontal grid lines with labels on their left.
  static void vertical(
      Canvas canvas, Scale y, double left, double right, DoubleFunction<String> label) {
    for (double tick : y.ticks(4)) {
      double at = y.at(tick);
      canvas.line(GRID, left, at, right, at);
      canvas.text(TICK_LEFT, Label.centered(label.apply(tick), left - 6, at));
    }
  }

  /// Draws a base line with labels of ticks below it.
  static void horizontal(
      Canvas canvas, Scale x, double y, int ticks, DoubleFunction<String> label) {
    canvas.line(BASE, x.from(), y, x.to(), y);
    for (double tick : x.ticks(ticks)) {
      double at = x.at(tick);
      canvas.line(BASE, at, y, at, y + 4);
      canvas.text(TICK_BELOW, Label.above(label.apply(tick), at, y + 17));
    }
  }

  /// Draws a base line with names at some places; names that would touch the one before are left
  /// out.
  static void named(Canvas canvas, Scale x, double y, List<BandChart.Tick> ticks) {
    canvas.line(BASE, x.from(), y, x.to(), y);
    double free = Double.NEGATIVE_INFINITY;
    for (BandChart.Tick tick : ticks) {
      double at = x.at(tick.at());
      double half = CHARACTER * tick.name().length() / 2;
      canvas.line(BASE, at, y, at, y + 4);
      if (at - half >= free) {
        canvas.text(TICK_BELOW, Label.above(tick.name(), at, y + 17));
        free = at + half + CHARACTER;
      }
    }
  }

  /// Writes the name of a horizontal axis at its right end.
  static void name(Canvas canvas, Scale x, double y, String name) {
    canvas.text(NAME, Label.above(name, x.to(), y));
  }

  /// Formats a whole number as a short label: 1k, 2.5M.
  static String abbreviated(double value) {
    double size = Math.abs(value);
    if (size >= 1e6) {
      return trimmed(value / 1e6) + "M";
    }
    return size >= 1e4 ? trimmed(value / 1e3) + "k" : trimmed(value);
  }

  /// Formats the label of a tick: with fixed decimals, or with a power of ten or thousands where
  /// those would be many.
  static String tick(double value, int decimals) {
    if (Math.abs(value) >= 1e4) {
      return abbreviated(value);
    }
    if (decimals <= 3 || Math.abs(value) < 1e-12) {
      return Math.abs(value) < 1e-12 ? "0" : Wording.fixed(value, decimals);
    }
    int power = (int) Math.floor(Math.log10(Math.abs(value)) + 1e-9);
    return trimmed(value / Math.pow(10, power)) + "e" + power;
  }

  private static String trimmed(double value) {
    return Markup.coordinate(value).replace("-", Wording.MINUS);
  }
}
