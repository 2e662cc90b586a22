package org.duovox.report.chart;

import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Stream;
import org.duovox.recipe.Results.Row;

/// Compares systems on one metric: a dot and its interval for each, the folds below it as faint
/// dots.
public final class WhiskerChart {
  private static final double WIDTH = 460;
  private static final double LEFT = 96;
  private static final double RIGHT = 444;
  private static final double TOP = 16;
  private static final double ROW = 32;

  private WhiskerChart() {}

  public static void draw(Markup out, ResultGroup group) {
    Scale x = scale(group);
    double bottom = TOP + ROW * group.systems().size();
    out.openPicture(WIDTH, bottom + 28, "chart", group.title() + " by system", describe(group));
    for (double tick : x.ticks(5)) {
      double at = x.at(tick);
      out.line("grid", at, TOP - 6, at, bottom);
    }
    double y = TOP + ROW / 2;
    for (String system : group.systems()) {
      row(out, group, system, x, y);
      y += ROW;
    }
    Axes.horizontal(out, x, bottom, 5, tick -> Numbers.fixed(tick, x.decimals(5)));
    out.close().newLine();
  }

  private static void row(Markup out, ResultGroup group, String system, Scale x, double y) {
    out.centered("label end", Systems.shortened(system, 13), LEFT - 14, y);
    for (Row fold : group.folds()) {
      if (fold.system().equals(system) && Double.isFinite(fold.number())) {
        out.circle("fold", x.at(fold.number()), y + 10, 1.9);
      }
    }
    Row main = group.main(system);
    if (main == null || !Double.isFinite(main.number())) {
      return;
    }
    String type = Systems.style(system);
    if (main.hasInterval()) {
      out.line("whisker " + type, x.at(main.low()), y, x.at(main.high()), y);
    }
    out.circle("dot " + type, x.at(main.number()), y, 5.0);
  }

  private static Scale scale(ResultGroup group) {
    double[] all =
        Stream.concat(group.mains().stream(), group.folds().stream())
            .flatMap(row -> Stream.of(row.value(), row.low(), row.high()))
            .filter(Objects::nonNull)
            .mapToDouble(Double::doubleValue)
            .filter(Double::isFinite)
            .toArray();
    double low = Arrays.stream(all).min().orElse(Double.NaN);
    double high = Arrays.stream(all).max().orElse(Double.NaN);
    return Scale.round(low, high, LEFT, RIGHT, 5);
  }

  private static String describe(ResultGroup group) {
    StringBuilder text = new StringBuilder();
    for (Row row : group.mains()) {
      text.append(row.system()).append(' ').append(group.format(row)).append("; ");
    }
    return text.toString().strip();
  }
}
