package org.duovox.report.chart;

import java.util.Arrays;
import java.util.List;
import org.duovox.eval.ConfusionMatrix;
import org.duovox.report.Wording;
import org.duovox.report.chart.Canvas.Anchor;
import org.duovox.report.chart.Canvas.Label;

/// A confusion matrix as a heat map: rows are what was said, columns what was recognized; color is
/// the share of the row.
///
/// Right and wrong cells have different colors, and a rare confusion still shows, because errors
/// are what one looks for.
///
/// @param name what was classified, by which system
public record ConfusionChart(String name, ConfusionMatrix matrix) implements Chart {
  private static final double CHARACTER = 7.4;
  private static final int LONGEST = 22;
  // Larger matrices get one background per row, which keeps the page small.
  private static final int MOST_EMPTY_CELLS = 40;

  private static final Look AXIS_NAME = Look.text("axis-name middle", Ink.QUIET, 11, Anchor.MIDDLE);
  private static final Look LABEL_BELOW = Look.text("label middle", Ink.BLACK, Anchor.MIDDLE);
  private static final Look LABEL_TURNED = Look.text("label", Ink.BLACK, Anchor.START);
  private static final Look CELL = Look.area("cell", Ink.CELL);

  /// Places of the cells: they begin at `left` and `top`; `turned` labels stand upright above their
  /// columns, since they are wider than these.
  private record Grid(double cell, double left, double top, boolean turned) {
    static Grid of(List<String> labels) {
      int size = labels.size();
      double cell = size <= 12 ? 34 : size <= 20 ? 26 : 20;
      double longest =
          CHARACTER * labels.stream().mapToInt(label -> shown(label).length()).max().orElse(0);
      boolean turned = longest > cell - 4;
      return new Grid(cell, longest + 32, 28 + (turned ? longest : 14), turned);
    }
  }

  @Override
  public Sheet sheet() {
    Grid grid = Grid.of(matrix.labels());
    double extent = size() * grid.cell();
    return new Sheet(
        "heatmap",
        grid.left() + extent + 4,
        grid.top() + extent + 4,
        name + ": confusion matrix",
        description());
  }

  @Override
  public void draw(Canvas canvas) {
    Grid grid = Grid.of(matrix.labels());
    double half = size() * grid.cell() / 2;
    canvas.text(AXIS_NAME, Label.above("recognized", grid.left() + half, 12));
    canvas.text(AXIS_NAME, Label.above("said", 12, grid.top() + half).turned());
    int[][] counts = matrix.counts();
    for (int i = 0; i < size(); i++) {
      labels(canvas, grid, i);
      row(canvas, grid, i, counts[i]);
    }
  }

  private int size() {
    return matrix.labels().size();
  }

  private void labels(Canvas canvas, Grid grid, int index) {
    String label = matrix.labels().get(index);
    double at = (index + 0.5) * grid.cell();
    canvas.text(
        Look.ROW_NAME,
        Label.centered(shown(label), grid.left() - 8, grid.top() + at).explained(label));
    double x = grid.left() + at;
    double y = grid.top() - 7;
    if (grid.turned()) {
      canvas.text(LABEL_TURNED, Label.centered(shown(label), x, y).turned().explained(label));
    } else {
      canvas.text(LABEL_BELOW, Label.above(shown(label), x, y).explained(label));
    }
  }

  private void row(Canvas canvas, Grid grid, int truth, int[] counts) {
    long total = Arrays.stream(counts).asLongStream().sum();
    double cell = grid.cell();
    double y = grid.top() + truth * cell;
    if (size() > MOST_EMPTY_CELLS) {
      canvas.box(CELL, grid.left() + 0.5, y + 0.5, size() * cell - 1, cell - 1);
    }
    for (int predicted = 0; predicted < size(); predicted++) {
      double x = grid.left() + predicted * cell;
      if (size() <= MOST_EMPTY_CELLS) {
        canvas.box(CELL, x + 0.5, y + 0.5, cell - 1, cell - 1);
      }
      if (counts[predicted] > 0) {
        double share = (double) counts[predicted] / total;
        canvas.open(tooltip(truth, predicted, counts[predicted], share));
        filled(canvas, truth == predicted, counts[predicted], share, x, y, cell);
        canvas.close();
      }
    }
  }

  private static void filled(
      Canvas canvas, boolean hit, int count, double share, double x, double y, double cell) {
    double opacity = 0.2 + 0.8 * share;
    Look look =
        hit
            ? Look.area("cell hit", Ink.BLUE.thinned(opacity))
            : Look.area("cell miss", Ink.ORANGE.thinned(opacity));
    canvas.box(
        look.styled("fill-opacity:" + Markup.coordinate(opacity)),
        x + 0.5,
        y + 0.5,
        cell - 1,
        cell - 1);
    boolean strong = share > 0.5;
    boolean small = cell < 24;
    String css = "count middle" + (strong ? " strong" : "") + (small ? " small" : "");
    Ink ink = strong ? Ink.PAPER : Ink.BLACK;
    canvas.text(
        Look.text(css, ink, small ? 9 : 11.5, Anchor.MIDDLE),
        Label.centered(
            count < 10_000 ? Integer.toString(count) : Axes.abbreviated(count),
            x + cell / 2,
            y + cell / 2));
  }

  private String tooltip(int truth, int predicted, int count, double share) {
    List<String> labels = matrix.labels();
    return "%s recognized as %s: %d (%s)"
        .formatted(labels.get(truth), labels.get(predicted), count, Wording.pagePercent(share));
  }

  private static String shown(String label) {
    int count = label.codePointCount(0, label.length());
    if (count <= LONGEST) {
      return label;
    }
    // Long labels often share a beginning, so the end is kept.
    return Label.shortened(label, LONGEST / 2)
        + label.substring(label.offsetByCodePoints(0, count - LONGEST / 2));
  }

  private String description() {
    int[][] counts = matrix.counts();
    long right = 0;
    for (int i = 0; i < counts.length; i++) {
      right += counts[i][i];
    }
    return "%s of %s right.".formatted(Wording.grouped(right), Wording.grouped(matrix.total()));
  }
}
