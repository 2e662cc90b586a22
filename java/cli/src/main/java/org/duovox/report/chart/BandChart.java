package org.duovox.report.chart;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.DoubleStream;
import org.duovox.report.Wording;
import org.duovox.report.chart.Canvas.Anchor;
import org.duovox.report.chart.Canvas.Label;

/// Lines with bands, a color for each: the mean over repetitions, and from the lowest to the
/// highest of them. For curves over training steps, and for scores over an ordered axis.
///
/// @param title what is drawn
/// @param caption figures in words below it
/// @param axis name of the horizontal axis
/// @param ticks places on it that have names; empty: round numbers
/// @param logarithmic whether equal ratios are equally far apart
/// @param lines in the order of their names
public record BandChart(
    String title,
    String caption,
    String axis,
    List<Tick> ticks,
    boolean logarithmic,
    List<Line> lines)
    implements Chart {
  /// Colors that lines have; further ones repeat them in dashes.
  public static final int COLORS = 5;

  private static final double WIDTH = 540;
  private static final double HEIGHT = 250;
  private static final double LEFT = 52;
  private static final double TOP = 14;
  private static final double BOTTOM = 206;
  private static final double CHARACTER = 6.6;
  private static final int LONGEST = 24;
  private static final int TICKS = 4;
  private static final double LINE_OF_TEXT = 14;
  private static final double BAND = 0.2; // Opacity.
  private static final List<Ink> INKS =
      List.of(Ink.BLUE, Ink.ORANGE, Ink.GREEN, Ink.PURPLE, Ink.GRAY);
  private static final List<String> DASHES = List.of("6 3", "2 3");

  /// A named place on the horizontal axis.
  public record Tick(double at, String name) {}

  /// One line.
  ///
  /// @param name at its end
  /// @param color index; from 5 on colors repeat in dashes
  /// @param x (n) rising places
  /// @param value (n) means; NaN leaves a gap
  /// @param low (n) lower edge of the band
  /// @param high (n) upper edge of the band
  /// @param whiskers (n, 2) intervals of the values; empty for none
  /// @param dots (m, 2) single repetitions; empty for none
  @SuppressWarnings("ArrayRecordComponent") // Drawn and dropped; copies would say nothing.
  public record Line(
      String name,
      int color,
      double[] x,
      double[] value,
      double[] low,
      double[] high,
      double[][] whiskers,
      double[][] dots) {
    public Line {
      if (x.length != value.length || x.length != low.length || x.length != high.length) {
        throw new IllegalArgumentException(name + ": every place needs a value and a band");
      }
    }

    /// Returns the index of the last finite value; -1 for none.
    private int last() {
      int last = value.length - 1;
      while (last >= 0 && !Double.isFinite(value[last])) {
        last--;
      }
      return last;
    }

    private DoubleStream values() {
      DoubleStream edges =
          DoubleStream.concat(
              Arrays.stream(value), DoubleStream.concat(Arrays.stream(low), Arrays.stream(high)));
      DoubleStream ends = Arrays.stream(whiskers).flatMapToDouble(Arrays::stream);
      DoubleStream points = Arrays.stream(dots).mapToDouble(dot -> dot[1]);
      return DoubleStream.concat(edges, DoubleStream.concat(ends, points)).filter(Double::isFinite);
    }

    /// Returns the classes of the style sheet that color and dash it.
    public String css() {
      int dashes = color / COLORS;
      return CurveChart.color(color) + (dashes == 0 ? "" : " dash-" + Math.min(dashes, 2));
    }

    private Ink ink() {
      return INKS.get(Math.floorMod(color, COLORS));
    }

    private Look look(String kind) {
      Look look = Look.stroke(kind + " " + css(), ink(), CurveChart.STROKE);
      int dashes = color / COLORS;
      return dashes == 0 ? look : look.dashed(DASHES.get(Math.min(dashes, 2) - 1));
    }
  }

  public BandChart {
    ticks = List.copyOf(ticks);
    lines = List.copyOf(lines);
  }

  /// Returns whether a name does not fit beside its line, so that a legend is needed.
  public boolean isShortened() {
    return lines.stream().anyMatch(line -> length(line.name()) > LONGEST);
  }

  @Override
  public Sheet sheet() {
    return new Sheet("chart", WIDTH, HEIGHT, title, description());
  }

  private String description() {
    StringBuilder text = new StringBuilder(caption);
    for (Line line : lines) {
      int last = line.last();
      if (last >= 0) {
        text.append(text.isEmpty() ? "" : " ")
            .append(line.name())
            .append(" ends at ")
            .append(Wording.fixed(line.value()[last], 3))
            .append(';');
      }
    }
    return text.isEmpty() ? "No values." : text.toString();
  }

  @Override
  public void draw(Canvas canvas) {
    Scale y = values();
    Scale x = places();
    Axes.vertical(canvas, y, LEFT, x.to(), tick -> Axes.tick(tick, y.decimals(TICKS)));
    if (ticks.isEmpty()) {
      Axes.horizontal(canvas, x, BOTTOM, 5, Axes::abbreviated);
    } else {
      Axes.named(canvas, x, BOTTOM, ticks);
    }
    Axes.name(canvas, x, HEIGHT - 6, axis);
    lines.forEach(line -> band(canvas, line, x, y));
    lines.forEach(line -> line(canvas, line, x, y));
    names(canvas, x, y);
  }

  private double right() {
    int longest = lines.stream().mapToInt(line -> length(line.name())).max().orElse(0);
    return WIDTH - 14 - CHARACTER * Math.min(LONGEST, longest);
  }

  private static int length(String name) {
    return name.codePointCount(0, name.length());
  }

  private Scale values() {
    double[] all = lines.stream().flatMapToDouble(Line::values).toArray();
    double low = Arrays.stream(all).min().orElse(Double.NaN);
    double high = Arrays.stream(all).max().orElse(Double.NaN);
    return Scale.round(low, high, BOTTOM, TOP, TICKS);
  }

  private Scale places() {
    double[] all = lines.stream().flatMapToDouble(line -> Arrays.stream(line.x())).toArray();
    double low = Arrays.stream(all).min().orElse(0);
    double high = Arrays.stream(all).max().orElse(1);
    double margin = ticks.isEmpty() ? 0 : 16; // Whiskers at the ends stay off the axis.
    if (logarithmic && low > 0 && high > low) {
      return new Scale(low, high, LEFT + margin, right() - margin, true);
    }
    return Scale.linear(low, high, LEFT + margin, right() - margin);
  }

  private static void band(Canvas canvas, Line line, Scale x, Scale y) {
    StringBuilder path = new StringBuilder();
    int from = 0;
    for (int i = 0; i <= line.x().length; i++) {
      boolean gap =
          i == line.x().length
              || !Double.isFinite(line.low()[i])
              || !Double.isFinite(line.high()[i]);
      if (gap) {
        patch(path, line, x, y, from, i);
        from = i + 1;
      }
    }
    if (!path.isEmpty()) {
      String css = "band " + CurveChart.color(line.color());
      canvas.path(Look.area(css, line.ink().thinned(BAND)), path.toString());
    }
  }

  private static void patch(StringBuilder path, Line line, Scale x, Scale y, int from, int to) {
    if (to - from < 2) {
      return;
    }
    for (int i = from; i < to; i++) {
      point(path, i == from ? 'M' : 'L', x.at(line.x()[i]), y.at(line.high()[i]));
    }
    for (int i = to - 1; i >= from; i--) {
      point(path, 'L', x.at(line.x()[i]), y.at(line.low()[i]));
    }
    path.append('Z');
  }

  private static void point(StringBuilder path, char command, double x, double y) {
    path.append(command).append(Markup.coordinate(x)).append(' ').append(Markup.coordinate(y));
  }

  private static void line(Canvas canvas, Line line, Scale x, Scale y) {
    StringBuilder path = new StringBuilder();
    boolean pen = false;
    for (int i = 0; i < line.x().length; i++) {
      boolean finite = Double.isFinite(line.value()[i]);
      if (finite) {
        point(path, pen ? 'L' : 'M', x.at(line.x()[i]), y.at(line.value()[i]));
      }
      pen = finite;
    }
    if (path.isEmpty()) {
      return;
    }
    canvas.path(line.look("series"), path.toString());
    Look whisker = Look.stroke("series thin " + CurveChart.color(line.color()), line.ink(), 1);
    for (int i = 0; i < line.whiskers().length; i++) {
      double at =
          x.at(line.x()[i])
              + 3 * (Math.floorMod(line.color(), COLORS) - 1); // Beside those of other lines.
      double[] ends = line.whiskers()[i];
      if (Double.isFinite(ends[0]) && Double.isFinite(ends[1])) {
        canvas.line(whisker, at, y.at(ends[0]), at, y.at(ends[1]));
      }
    }
    Look dot = Look.area("dot " + CurveChart.color(line.color()), line.ink());
    for (double[] place : line.dots()) {
      if (Double.isFinite(place[1])) {
        canvas.circle(dot, x.at(place[0]), y.at(place[1]), 1.8);
      }
    }
  }

  /// Writes the names at the ends of their lines, moved away from each other.
  private void names(Canvas canvas, Scale x, Scale y) {
    List<Line> byHeight = new ArrayList<>(lines);
    byHeight.removeIf(line -> line.last() < 0);
    byHeight.sort(Comparator.comparingDouble(line -> y.at(line.value()[line.last()])));
    double[] at = byHeight.stream().mapToDouble(l -> y.at(l.value()[l.last()])).toArray();
    for (int i = 1; i < at.length; i++) {
      at[i] = Math.max(at[i], at[i - 1] + LINE_OF_TEXT);
    }
    double overhang = at.length == 0 ? 0 : Math.max(0, at[at.length - 1] - (BOTTOM + 6));
    for (int i = 0; i < at.length; i++) {
      Line line = byHeight.get(i);
      Look look = Look.text("label " + CurveChart.color(line.color()), line.ink(), Anchor.START);
      String name = Label.shortened(line.name(), LONGEST);
      double left = Math.max(x.at(line.x()[line.last()]), right() - 8) + 12;
      canvas.text(look, Label.centered(name, left, at[i] - overhang).explained(line.name()));
    }
  }
}
