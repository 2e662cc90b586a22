package org.duovox.report.chart;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.duovox.report.Wording;
import org.duovox.report.chart.Canvas.Anchor;
import org.duovox.report.chart.Canvas.Label;

/// A forest plot: the effect of each comparison with its 95 % interval and its verdict, around a
/// line at no difference. The shade is what the design could not have seen.
///
/// @param title what differs, by which score
/// @param rows one per comparison
public record ForestChart(String title, List<Row> rows) implements Chart {
  private static final double WIDTH = 460;
  private static final double LEFT = 20;
  private static final double RIGHT = 440;
  private static final double TOP = 8;
  private static final double ROW = 46;
  private static final double WORDS = 16; // Height of a line of words.
  private static final double LINE = 16; // Height of the interval below the last line of words.
  private static final double CHARACTER = 6.8;
  private static final int TICKS = 5;

  private static final Look NAME = Look.text("label halo", Ink.BLACK, Anchor.START);
  private static final Look UNSEEN = Look.area("unseen-effect", Ink.CELL);
  private static final Look ZERO = Look.stroke("zero", Ink.QUIET, 1.2);

  /// One comparison.
  ///
  /// @param name such as "dual against contextual"
  /// @param effect null where there is none
  /// @param low null where there is none
  /// @param high null where there is none
  /// @param detectable the smallest effect that could have been seen; null where there is none
  /// @param verdict in words
  public record Row(
      String name, Double effect, Double low, Double high, Double detectable, String verdict) {
    private String css() {
      return switch (verdict) {
        case "better" -> "better";
        case "worse" -> "worse";
        default -> "noise";
      };
    }

    private Ink ink() {
      return switch (verdict) {
        case "better" -> Ink.BLUE;
        case "worse" -> Ink.ORANGE;
        default -> Ink.GRAY;
      };
    }

    /// Returns the name in one or two lines; the verdict stands beside the first.
    private List<String> lines() {
      int width = (int) ((RIGHT - LEFT) / CHARACTER);
      return Label.broken(name, Math.max(8, width - verdict.length() - 2), width);
    }

    private double height() {
      return ROW + WORDS * (lines().size() - 1);
    }

    private boolean isClear() {
      return !css().equals("noise");
    }
  }

  public ForestChart {
    rows = List.copyOf(rows);
  }

  @Override
  public Sheet sheet() {
    return new Sheet("chart", WIDTH, bottom() + 28, title, description());
  }

  private String description() {
    StringBuilder text = new StringBuilder();
    for (Row row : rows) {
      text.append(row.name()).append(": ").append(row.verdict());
      if (row.effect() != null) {
        text.append(", ").append(signed(row.effect()));
      }
      if (row.low() != null && row.high() != null) {
        text.append(" [%s, %s]".formatted(signed(row.low()), signed(row.high())));
      }
      text.append("; ");
    }
    return text.isEmpty() ? "No comparisons." : text.toString().strip();
  }

  private static String signed(double value) {
    return (value > 0 ? "+" : "") + Wording.fixed(value, Math.abs(value) <= 1.5 ? 3 : 2);
  }

  private double bottom() {
    return top(rows.size()) + 4;
  }

  /// Returns where a row begins.
  private double top(int row) {
    return TOP + rows.subList(0, row).stream().mapToDouble(Row::height).sum();
  }

  @Override
  public void draw(Canvas canvas) {
    Scale x = scale();
    for (double tick : x.ticks(TICKS)) {
      canvas.line(Axes.GRID, x.at(tick), TOP, x.at(tick), bottom());
    }
    for (int i = 0; i < rows.size(); i++) {
      shade(canvas, rows.get(i), x, top(i));
    }
    canvas.line(ZERO, x.at(0), TOP, x.at(0), bottom());
    for (int i = 0; i < rows.size(); i++) {
      row(canvas, rows.get(i), x, top(i));
    }
    Axes.horizontal(canvas, x, bottom(), TICKS, tick -> Axes.tick(tick, x.decimals(TICKS)));
  }

  private Scale scale() {
    double[] all =
        rows.stream()
            .flatMap(row -> Stream.of(row.effect(), row.low(), row.high()))
            .filter(Objects::nonNull)
            .mapToDouble(Double::doubleValue)
            .toArray();
    double low = Math.min(0, Arrays.stream(all).min().orElse(-1));
    double high = Math.max(0, Arrays.stream(all).max().orElse(1));
    return Scale.round(low, high, LEFT, RIGHT, TICKS);
  }

  private static void shade(Canvas canvas, Row row, Scale x, double top) {
    if (row.detectable() != null) {
      double from = Math.max(x.from(), x.at(-row.detectable()));
      double to = Math.min(x.to(), x.at(row.detectable()));
      canvas.box(
          UNSEEN, from, top + row.height() - ROW + WORDS + LINE - 7, Math.max(0, to - from), 14);
    }
  }

  private static void row(Canvas canvas, Row row, Scale x, double top) {
    Ink ink = row.ink();
    String css = row.css();
    double y = top;
    for (String line : row.lines()) {
      y += WORDS;
      canvas.text(NAME, Label.above(line, LEFT, y).explained(row.name()));
    }
    Look verdict = Look.text("verdict halo end " + css, ink, Anchor.END);
    canvas.text(verdict, Label.above(row.verdict(), RIGHT, top + WORDS));
    if (row.effect() == null) {
      return;
    }
    y += LINE;
    if (row.low() != null && row.high() != null) {
      Look whisker = Look.stroke("whisker " + css, ink, 2.5);
      canvas.line(whisker, x.at(row.low()), y, x.at(row.high()), y);
    }
    // What is inside the noise has an open dot, so that color is not all that tells.
    Look dot =
        row.isClear()
            ? Look.area("dot " + css, ink)
            : Look.area("dot open " + css, Ink.PAPER).outlined(ink, 2);
    canvas.circle(dot, x.at(row.effect()), y, 5);
  }
}
