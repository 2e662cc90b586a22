package org.duovox.report.chart;

import java.util.Arrays;
import org.duovox.report.Wording;

/// How often the units of a codebook are used: counts from the commonest to the rarest, on a
/// logarithmic axis.
///
/// @param usage of the codebook
public record UsageChart(UnitHistogram usage) implements Chart {
  private static final double WIDTH = 460;
  private static final double HEIGHT = 200;
  private static final double LEFT = 46;
  private static final double RIGHT = 444;
  private static final double TOP = 12;
  private static final double BOTTOM = 158;

  private static final Look AREA = Look.area("usage", Ink.BLUE.thinned(0.75));

  @Override
  public Sheet sheet() {
    String title = usage.name() + ": frames per unit, from the commonest to the rarest";
    return new Sheet("chart", WIDTH, HEIGHT, title, description());
  }

  @Override
  public void draw(Canvas canvas) {
    long[] sorted = Arrays.stream(usage.counts()).sorted().toArray();
    int n = sorted.length;
    long highest = n == 0 ? 0 : sorted[n - 1];
    Scale y = Scale.counts(highest, BOTTOM, TOP);
    Scale x = Scale.linear(0, Math.max(1, n), LEFT, RIGHT);
    Axes.vertical(canvas, y, LEFT, RIGHT, Axes::abbreviated);
    StringBuilder path = new StringBuilder("M" + Markup.coordinate(LEFT) + " " + BOTTOM);
    for (int rank = 0; rank < n && sorted[n - 1 - rank] > 0; rank++) {
      path.append('V').append(Markup.coordinate(y.at(sorted[n - 1 - rank])));
      path.append('H').append(Markup.coordinate(x.at(rank + 1)));
    }
    canvas.path(AREA, path.append("V").append(BOTTOM).append("Z").toString());
    Axes.horizontal(canvas, x, BOTTOM, 5, Axes::abbreviated);
    Axes.name(canvas, x, HEIGHT - 6, "units, by frequency");
  }

  private String description() {
    return "%s units over %s frames; perplexity %s, commonest unit %s, %s unused."
        .formatted(
            Wording.grouped(usage.counts().length),
            Wording.grouped(usage.total()),
            Wording.fixed(usage.use().perplexityOrNaN(), 1),
            Wording.pagePercent(usage.use().mostFrequentShareOrNaN()),
            Wording.grouped(usage.use().unused()));
  }
}
