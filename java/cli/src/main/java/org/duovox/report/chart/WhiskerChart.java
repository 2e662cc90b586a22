package org.duovox.report.chart;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.duovox.recipe.Results.Row;
import org.duovox.report.Wording;
import org.duovox.report.chart.Canvas.Label;

/// Compares systems on one metric: a dot and its interval for each, the folds below it as faint
/// dots.
///
/// @param group results of the systems
public record WhiskerChart(ResultGroup group) implements Chart {
  private static final double WIDTH = 460;
  private static final double LEFT = 96; // At least: eleven characters of a name.
  private static final double CHARACTER = 7.4;
  private static final int LONGEST = 28;
  private static final double RIGHT = 444;
  private static final double TOP = 16;
  private static final double ROW = 32;
  private static final double LINE = 14; // Of a name that takes two.

  private static final Look FOLD = Look.area("fold", Ink.QUIET.thinned(0.65));

  @Override
  public Sheet sheet() {
    return new Sheet("chart", WIDTH, bottom() + 28, group.title() + " by system", description());
  }

  @Override
  public void draw(Canvas canvas) {
    Scale x = scale();
    for (double tick : x.ticks(5)) {
      double at = x.at(tick);
      canvas.line(Axes.GRID, at, TOP - 6, at, bottom());
    }
    double y = TOP + ROW / 2;
    for (String system : group.systems()) {
      row(canvas, system, x, y);
      y += ROW;
    }
    Axes.horizontal(canvas, x, bottom(), 5, tick -> Wording.fixed(tick, x.decimals(5)));
  }

  private double bottom() {
    return TOP + ROW * group.systems().size();
  }

  private void row(Canvas canvas, String system, Scale x, double y) {
    List<String> lines = Label.broken(system, LONGEST, LONGEST);
    for (int i = 0; i < lines.size(); i++) {
      double middle = y + LINE * (i - (lines.size() - 1) / 2.0);
      canvas.text(
          Look.ROW_NAME,
          Label.centered(lines.get(i), left() - 14, middle)
              .explained(String.join(" ", lines).equals(system) ? null : system));
    }
    for (Row fold : group.folds()) {
      if (fold.system().equals(system) && Double.isFinite(fold.number())) {
        canvas.circle(FOLD, x.at(fold.number()), y + 10, 1.9);
      }
    }
    Row main = group.main(system);
    if (main == null || !Double.isFinite(main.number())) {
      return;
    }
    String css = Systems.style(system);
    Ink ink = Systems.ink(system);
    if (main.hasInterval()) {
      Look whisker = Look.stroke("whisker " + css, ink, 2.5);
      canvas.line(whisker, x.at(main.low()), y, x.at(main.high()), y);
    }
    canvas.circle(Look.area("dot " + css, ink), x.at(main.number()), y, 5.0);
  }

  /// Returns where the axis begins, right of the longest name.
  private double left() {
    int longest =
        group.systems().stream().mapToInt(s -> s.codePointCount(0, s.length())).max().orElse(0);
    return Math.max(LEFT, 14 + CHARACTER * Math.min(LONGEST, longest));
  }

  private Scale scale() {
    double[] all =
        Stream.concat(group.mains().stream(), group.folds().stream())
            .flatMap(row -> Stream.of(row.value(), row.low(), row.high()))
            .filter(Objects::nonNull)
            .mapToDouble(Double::doubleValue)
            .filter(Double::isFinite)
            .toArray();
    double low = Arrays.stream(all).min().orElse(Double.NaN);
    double high = Arrays.stream(all).max().orElse(Double.NaN);
    return Scale.round(low, high, left(), RIGHT, 5);
  }

  private String description() {
    StringBuilder text = new StringBuilder();
    for (Row row : group.mains()) {
      text.append(row.system()).append(' ').append(group.format(row)).append("; ");
    }
    return text.toString().strip();
  }
}
