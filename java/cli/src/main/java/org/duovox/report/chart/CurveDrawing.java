package org.duovox.report.chart;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;
import org.duovox.report.chart.CurveChart.Level;
import org.duovox.report.chart.CurveChart.Mark;

/// Draws a [CurveChart]: training solid, held-out dashed with dots, a color for each run.
public final class CurveDrawing {
  /// Colors that the style sheet has for runs; more runs repeat them.
  static final int COLORS = 5;

  private static final double WIDTH = 460;
  private static final double HEIGHT = 240;
  private static final double LEFT = 52;
  private static final double RIGHT = 446;
  private static final double TOP = 14;
  private static final double BOTTOM = 196;
  private static final int TICKS = 4;
  private static final int FEW = 40;
  private static final double APART = 14;

  private CurveDrawing() {}

  public static void draw(Markup out, CurveChart chart) {
    Scale y = values(chart);
    Scale x = steps(chart.series());
    out.openPicture(WIDTH, HEIGHT, "chart", chart.title(), chart.caption());
    Axes.vertical(out, y, LEFT, RIGHT, tick -> Numbers.tick(tick, y.decimals(TICKS)));
    Axes.horizontal(out, x, BOTTOM, 5, Numbers::abbreviated);
    Axes.name(out, x, HEIGHT - 6, "step");
    chart.marks().forEach(mark -> mark(out, mark, x));
    chart.levels().forEach(level -> level(out, y.at(level.value())));
    chart.series().forEach(series -> line(out, series, x, y));
    levelNames(out, chart, y);
    out.close().newLine();
  }

  /// The class of the style sheet for a run.
  public static String color(int run) {
    return "run-" + Math.floorMod(run, COLORS);
  }

  private static Scale values(CurveChart chart) {
    double[] all =
        DoubleStream.concat(
                chart.series().stream().flatMapToDouble(s -> Arrays.stream(s.values())),
                chart.levels().stream().mapToDouble(Level::value))
            .filter(Double::isFinite)
            .toArray();
    double low = Arrays.stream(all).min().orElse(Double.NaN);
    double high = Arrays.stream(all).max().orElse(Double.NaN);
    boolean zero = chart.fromZero() || (low > 0 && low < 0.6 * high);
    return Scale.round(zero ? Math.min(0, low) : low, high, BOTTOM, TOP, TICKS);
  }

  private static Scale steps(List<Series> series) {
    long[] all = series.stream().flatMapToLong(s -> LongStream.of(s.steps())).toArray();
    long last = Arrays.stream(all).max().orElse(1);
    return Scale.linear(0, Math.max(1, last), LEFT, RIGHT);
  }

  private static void mark(Markup out, Mark mark, Scale x) {
    if (mark.step() >= x.low() && mark.step() <= x.high()) {
      String type = "mark " + mark.kind().name().toLowerCase(Locale.ROOT);
      out.line(type, x.at(mark.step()), TOP, x.at(mark.step()), BOTTOM);
    }
  }

  private static void level(Markup out, double at) {
    out.line("level", LEFT, at, RIGHT, at);
  }

  /// Names of the levels at the right, above their lines, or below where a curve ends or another
  /// name stands above.
  private static void levelNames(Markup out, CurveChart chart, Scale y) {
    double taken = Double.NaN;
    for (Level level : chart.levels()) {
      double at = y.at(level.value());
      boolean below = Math.abs(at - 5 - taken) < APART || endsAbove(chart, y, at);
      double text = below ? at + 13 : at - 5;
      String label = level.name() + " " + Numbers.fixed(level.value(), 3);
      out.label("level-name end", label, RIGHT, text);
      taken = text;
    }
  }

  private static boolean endsAbove(CurveChart chart, Scale y, double at) {
    return chart.series().stream()
        .filter(series -> series.values().length > 0)
        .mapToDouble(series -> y.at(series.values()[series.values().length - 1]))
        .anyMatch(end -> end < at && at - end < 2 * APART);
  }

  private static void line(Markup out, Series series, Scale x, Scale y) {
    String type = color(series.run()) + (series.heldOut() ? " held-out" : "");
    String path = LinePath.of(series.steps(), series.values(), x, y);
    if (path.isEmpty()) {
      return;
    }
    out.empty("path", "class", "series " + type, "d", path);
    boolean dots = series.heldOut() ? series.steps().length <= FEW : series.steps().length == 1;
    for (int i = 0; dots && i < series.steps().length; i++) {
      if (Double.isFinite(series.values()[i])) {
        out.circle("dot " + type, x.at(series.steps()[i]), y.at(series.values()[i]), 2.4);
      }
    }
  }
}
