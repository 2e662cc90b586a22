package org.duovox.report.chart;

import java.util.Arrays;
import java.util.List;

/// A confusion matrix: rows are what was said, columns what was recognized; color is the share of
/// the row.
///
/// Right and wrong cells have different colors, and a rare confusion still shows, because errors
/// are what one looks for.
public final class Heatmap {
  private static final double CHARACTER = 7.4;
  private static final int LONGEST = 22;
  // Larger matrices get one background per row, which keeps the page small.
  private static final int MOST_EMPTY_CELLS = 40;

  private final Markup out;
  private final ConfusionView view;
  private final int size;
  private final double cell;
  private final double left;
  private final double top;
  private final boolean turned;

  private Heatmap(Markup out, ConfusionView view) {
    this.out = out;
    this.view = view;
    this.size = view.labels().size();
    this.cell = size <= 12 ? 34 : size <= 20 ? 26 : 20;
    double longest =
        CHARACTER * view.labels().stream().mapToInt(label -> shown(label).length()).max().orElse(0);
    this.left = longest + 32;
    // Labels that do not fit above their column are turned.
    this.turned = longest > cell - 4;
    this.top = 28 + (turned ? longest : 14);
  }

  public static void draw(Markup out, ConfusionView view) {
    new Heatmap(out, view).draw();
  }

  private void draw() {
    double extent = size * cell;
    double width = left + extent + 4;
    double height = top + extent + 4;
    out.openPicture(width, height, "heatmap", view.name() + ": confusion matrix", describe());
    out.label("axis-name middle", "recognized", left + extent / 2, 12);
    double middle = top + extent / 2;
    String turn = "translate(12 " + Numbers.coordinate(middle) + ") rotate(-90)";
    out.leaf("text", "said", "class", "axis-name middle", "transform", turn);
    for (int i = 0; i < size; i++) {
      labels(i);
      row(i);
    }
    out.close().newLine();
  }

  private void labels(int index) {
    String label = view.labels().get(index);
    double at = (index + 0.5) * cell;
    out.open("text", "class", "label end", "x", left - 8, "y", top + at, "dy", "0.35em");
    out.text(shown(label)).leaf("title", label).close();
    double x = left + at;
    if (turned) {
      String turn =
          "translate(%s %s) rotate(-90)"
              .formatted(Numbers.coordinate(x), Numbers.coordinate(top - 7));
      out.open("text", "class", "label", "dy", "0.35em", "transform", turn);
    } else {
      out.open("text", "class", "label middle", "x", x, "y", top - 7);
    }
    out.text(shown(label)).leaf("title", label).close();
  }

  private void row(int truth) {
    int[] counts = view.counts()[truth];
    long total = Arrays.stream(counts).asLongStream().sum();
    double y = top + truth * cell;
    if (size > MOST_EMPTY_CELLS) {
      out.box("cell", null, left + 0.5, y + 0.5, size * cell - 1, cell - 1);
    }
    for (int predicted = 0; predicted < size; predicted++) {
      double x = left + predicted * cell;
      if (size <= MOST_EMPTY_CELLS) {
        out.box("cell", null, x + 0.5, y + 0.5, cell - 1, cell - 1);
      }
      if (counts[predicted] > 0) {
        filled(truth, predicted, (double) counts[predicted] / total, x, y);
      }
    }
  }

  private void filled(int truth, int predicted, double share, double x, double y) {
    int count = view.counts()[truth][predicted];
    String type = truth == predicted ? "hit" : "miss";
    out.open("g").leaf("title", tip(truth, predicted, count, share));
    out.box(
        "cell " + type,
        "fill-opacity:" + Numbers.coordinate(0.2 + 0.8 * share),
        x + 0.5,
        y + 0.5,
        cell - 1,
        cell - 1);
    out.centered(
        "count middle" + (share > 0.5 ? " strong" : "") + (cell < 24 ? " small" : ""),
        count < 10_000 ? Integer.toString(count) : Numbers.abbreviated(count),
        x + cell / 2,
        y + cell / 2);
    out.close();
  }

  private String tip(int truth, int predicted, int count, double share) {
    List<String> labels = view.labels();
    return "%s recognized as %s: %d (%s)"
        .formatted(labels.get(truth), labels.get(predicted), count, Numbers.percent(share));
  }

  private static String shown(String label) {
    int count = label.codePointCount(0, label.length());
    if (count <= LONGEST) {
      return label;
    }
    // Long labels often share a beginning, so the end is kept.
    return Systems.shortened(label, LONGEST / 2)
        + label.substring(label.offsetByCodePoints(0, count - LONGEST / 2));
  }

  private String describe() {
    long right = 0;
    long total = 0;
    for (int i = 0; i < size; i++) {
      right += view.counts()[i][i];
      total += Arrays.stream(view.counts()[i]).asLongStream().sum();
    }
    return "%s of %s right.".formatted(Numbers.whole(right), Numbers.whole(total));
  }
}
