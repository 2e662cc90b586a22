package org.duovox.report.chart;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.duovox.report.Wording;
import org.duovox.report.chart.Canvas.Anchor;
import org.duovox.report.chart.Canvas.Label;

/// One figure of trainings over their steps: training solid, held-out utterances dashed with dots,
/// a color for each run.
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
    List<Mark> marks)
    implements Chart {
  /// The width of curves, in pixels.
  static final double STROKE = 1.75;

  private static final double WIDTH = 460;
  private static final double HEIGHT = 240;
  private static final double LEFT = 52;
  private static final double RIGHT = 446;
  private static final double TOP = 14;
  private static final double BOTTOM = 196;
  private static final int TICKS = 4;
  private static final int MOST_DOTS = 40;
  private static final double LINE_OF_TEXT = 14;

  // Those that the style sheet has for runs; more runs repeat them.
  private static final List<Ink> COLORS =
      List.of(Ink.BLUE, Ink.ORANGE, Ink.GREEN, Ink.PURPLE, Ink.GRAY);
  private static final Look LEVEL = Look.stroke("level", Ink.QUIET, 1.4).dashed("1 3");
  private static final Look LEVEL_NAME = Look.text("level-name end", Ink.QUIET, 11, Anchor.END);
  private static final Look SPIKE = Look.stroke("mark spike", Ink.ORANGE.thinned(0.75), 1.3);
  private static final Look SKIPPED =
      Look.stroke("mark skipped", Ink.PURPLE.thinned(0.75), 1.3).dashed("3 3");

  /// One line over training steps; NaN leaves a gap.
  ///
  /// @param run index of the run, which gives the color; 0 for the first
  /// @param heldOut whether it is of held-out utterances
  /// @param steps (n) rising step numbers
  /// @param values (n)
  @SuppressWarnings("ArrayRecordComponent") // Drawn and dropped; copies would say nothing.
  public record Series(int run, boolean heldOut, long[] steps, double[] values) {
    private static final int BUCKETS = 300;

    public Series {
      if (steps.length != values.length) {
        throw new IllegalArgumentException(
            "%d steps with %d values".formatted(steps.length, values.length));
      }
    }

    /// One value of each item.
    public static <T> Series of(
        int run,
        boolean heldOut,
        List<T> items,
        ToLongFunction<T> step,
        ToDoubleFunction<T> value) {
      return new Series(
          run,
          heldOut,
          items.stream().mapToLong(step).toArray(),
          items.stream().mapToDouble(value).toArray());
    }

    /// Returns the last finite value; NaN for none.
    public double last() {
      int last = lastFinite();
      return last < 0 ? Double.NaN : values[last];
    }

    /// Returns the index of the last finite value; -1 for none.
    int lastFinite() {
      int last = values.length - 1;
      while (last >= 0 && !Double.isFinite(values[last])) {
        last--;
      }
      return last;
    }

    /// Returns straight segments between finite values, in the notation of SVG; of long lines the
    /// lowest and highest value of each bucket.
    String path(Scale x, Scale y) {
      StringBuilder path = new StringBuilder();
      boolean pen = false;
      for (int i : extremes()) {
        if (!Double.isFinite(values[i])) {
          pen = false;
          continue;
        }
        path.append(pen ? 'L' : 'M')
            .append(Markup.coordinate(x.at(steps[i])))
            .append(' ')
            .append(Markup.coordinate(y.at(values[i])));
        pen = true;
      }
      return path.toString();
    }

    private int[] extremes() {
      int n = values.length;
      if (n <= 2 * BUCKETS) {
        return IntStream.range(0, n).toArray();
      }
      IntStream.Builder kept = IntStream.builder();
      for (int bucket = 0; bucket < BUCKETS; bucket++) {
        int start = (int) ((long) bucket * n / BUCKETS);
        int end = (int) ((bucket + 1L) * n / BUCKETS);
        int lowest = start;
        int highest = start;
        for (int i = start; i < end; i++) {
          lowest = values[i] < values[lowest] ? i : lowest;
          highest = values[i] > values[highest] ? i : highest;
        }
        kept.add(Math.min(lowest, highest)).add(Math.max(lowest, highest));
      }
      return kept.build().distinct().toArray();
    }
  }

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

  /// Returns the class of the style sheet that colors a run.
  public static String color(int run) {
    return "run-" + Math.floorMod(run, COLORS.size());
  }

  @Override
  public Sheet sheet() {
    return new Sheet("chart", WIDTH, HEIGHT, title, caption);
  }

  @Override
  public void draw(Canvas canvas) {
    Scale y = values();
    Scale x = steps();
    Axes.vertical(canvas, y, LEFT, RIGHT, tick -> Axes.tick(tick, y.decimals(TICKS)));
    Axes.horizontal(canvas, x, BOTTOM, 5, Axes::abbreviated);
    Axes.name(canvas, x, HEIGHT - 6, "step");
    marks.forEach(mark -> draw(canvas, mark, x));
    for (Level level : levels) {
      double at = y.at(level.value());
      canvas.line(LEVEL, LEFT, at, RIGHT, at);
    }
    series.forEach(line -> draw(canvas, line, x, y));
    levelNames(canvas, y);
  }

  private Scale values() {
    double[] all =
        DoubleStream.concat(
                series.stream().flatMapToDouble(s -> Arrays.stream(s.values())),
                levels.stream().mapToDouble(Level::value))
            .filter(Double::isFinite)
            .toArray();
    double low = Arrays.stream(all).min().orElse(Double.NaN);
    double high = Arrays.stream(all).max().orElse(Double.NaN);
    boolean zero = fromZero || (low > 0 && low < 0.6 * high);
    return Scale.round(zero ? Math.min(0, low) : low, high, BOTTOM, TOP, TICKS);
  }

  private Scale steps() {
    long[] all = series.stream().flatMapToLong(s -> LongStream.of(s.steps())).toArray();
    long last = Arrays.stream(all).max().orElse(1);
    return Scale.linear(0, Math.max(1, last), LEFT, RIGHT);
  }

  private static void draw(Canvas canvas, Mark mark, Scale x) {
    if (mark.step() >= x.low() && mark.step() <= x.high()) {
      Look look = mark.kind() == Mark.Kind.SPIKE ? SPIKE : SKIPPED;
      canvas.line(look, x.at(mark.step()), TOP, x.at(mark.step()), BOTTOM);
    }
  }

  private static void draw(Canvas canvas, Series series, Scale x, Scale y) {
    String css = color(series.run()) + (series.heldOut() ? " held-out" : "");
    Ink ink = COLORS.get(Math.floorMod(series.run(), COLORS.size()));
    String path = series.path(x, y);
    if (path.isEmpty()) {
      return;
    }
    Look line = Look.stroke("series " + css, ink, STROKE);
    canvas.path(series.heldOut() ? line.dashed("5 4") : line, path);
    long[] steps = series.steps();
    boolean dots = series.heldOut() ? steps.length <= MOST_DOTS : steps.length == 1;
    for (int i = 0; dots && i < steps.length; i++) {
      if (Double.isFinite(series.values()[i])) {
        canvas.circle(Look.area("dot " + css, ink), x.at(steps[i]), y.at(series.values()[i]), 2.4);
      }
    }
  }

  /// Writes the names of the levels at the right, above their lines, or below where a curve ends or
  /// another name stands above.
  private void levelNames(Canvas canvas, Scale y) {
    double nameBefore = Double.NaN;
    for (Level level : levels) {
      double at = y.at(level.value());
      boolean below = Math.abs(at - 5 - nameBefore) < LINE_OF_TEXT || curveEndsAbove(y, at);
      double baseline = below ? at + 13 : at - 5;
      String name = level.name() + " " + Wording.fixed(level.value(), 3);
      canvas.text(LEVEL_NAME, Label.above(name, RIGHT, baseline));
      nameBefore = baseline;
    }
  }

  private boolean curveEndsAbove(Scale y, double at) {
    return series.stream()
        .filter(line -> line.values().length > 0)
        .mapToDouble(line -> y.at(line.values()[line.values().length - 1]))
        .anyMatch(end -> end < at && at - end < 2 * LINE_OF_TEXT);
  }
}
