package org.duovox.report.chart;

import java.util.Arrays;

/// How often the units of a codebook are used: counts from the commonest to the rarest, on a
/// logarithmic axis.
public final class UsageChart {
  private static final double WIDTH = 460;
  private static final double HEIGHT = 200;
  private static final double LEFT = 46;
  private static final double RIGHT = 444;
  private static final double TOP = 12;
  private static final double BOTTOM = 158;

  private UsageChart() {}

  public static void draw(Markup out, UnitHistogram usage) {
    long[] sorted = Arrays.stream(usage.counts()).sorted().toArray();
    int n = sorted.length;
    long highest = n == 0 ? 0 : sorted[n - 1];
    Scale y = Scale.counts(highest, BOTTOM, TOP);
    Scale x = Scale.linear(0, Math.max(1, n), LEFT, RIGHT);
    String title = usage.name() + ": frames per unit, from the commonest to the rarest";
    out.openPicture(WIDTH, HEIGHT, "chart", title, describe(usage));
    Axes.vertical(out, y, LEFT, RIGHT, Numbers::abbreviated);
    StringBuilder path = new StringBuilder("M" + Numbers.coordinate(LEFT) + " " + BOTTOM);
    for (int rank = 0; rank < n && sorted[n - 1 - rank] > 0; rank++) {
      path.append('V').append(Numbers.coordinate(y.at(sorted[n - 1 - rank])));
      path.append('H').append(Numbers.coordinate(x.at(rank + 1)));
    }
    out.empty("path", "class", "usage", "d", path.append("V").append(BOTTOM).append("Z"));
    Axes.horizontal(out, x, BOTTOM, 5, Numbers::abbreviated);
    Axes.name(out, x, HEIGHT - 6, "units, by frequency");
    out.close().newLine();
  }

  private static String describe(UnitHistogram usage) {
    return "%s units over %s frames; perplexity %s, commonest unit %s, %s unused."
        .formatted(
            Numbers.whole(usage.counts().length),
            Numbers.whole(usage.total()),
            Numbers.fixed(usage.use().perplexityOrNaN(), 1),
            Numbers.percent(usage.use().mostFrequentShareOrNaN()),
            Numbers.whole(usage.use().unused()));
  }
}
