package org.duovox.report.chart;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.DoubleStream;

/// Losses over training steps: the total and, where there are two objectives, both parts.
public final class LineChart {
  private static final double WIDTH = 460;
  private static final double HEIGHT = 240;
  private static final double LEFT = 46;
  private static final double RIGHT = 400;
  private static final double TOP = 14;
  private static final double BOTTOM = 196;
  private static final double APART = 15;

  private LineChart() {}

  public static void draw(Markup out, LossCurve curve) {
    double[] all =
        DoubleStream.of(concat(curve.total(), curve.mcp(), curve.mcr()))
            .filter(Double::isFinite)
            .toArray();
    double low = Arrays.stream(all).min().orElse(Double.NaN);
    double high = Arrays.stream(all).max().orElse(Double.NaN);
    // A loss has a natural zero; it is shown unless that would flatten the curve.
    Scale y = Scale.round(low > 0 && low < 0.6 * high ? 0 : low, high, BOTTOM, TOP, 4);
    Scale x = steps(curve.steps());
    out.openPicture(WIDTH, HEIGHT, "chart", curve.name() + ": training loss", describe(curve));
    Axes.vertical(out, y, LEFT, RIGHT, tick -> Numbers.fixed(tick, y.decimals(4)));
    Axes.horizontal(out, x, BOTTOM, 5, Numbers::abbreviated);
    Axes.name(out, x, HEIGHT - 6, "step");
    double taken = Double.NaN;
    String[] names = {"total", "MCP", "MCR"};
    double[][] series = {curve.total(), curve.mcp(), curve.mcr()};
    for (int i = 0; i < names.length; i++) {
      taken = line(out, names[i], curve.steps(), series[i], x, y, taken);
    }
    out.close().newLine();
  }

  private static Scale steps(long[] steps) {
    if (steps.length == 0) {
      return Scale.linear(0, 1, LEFT, RIGHT);
    }
    long last = steps[steps.length - 1];
    return Scale.linear(steps.length == 1 ? 0 : steps[0], last, LEFT, RIGHT);
  }

  /// Draws one series with its name at its end, moved away from the name before; answers where the
  /// name stands.
  private static double line(
      Markup out, String name, long[] steps, double[] values, Scale x, Scale y, double taken) {
    int last = values.length - 1;
    while (last >= 0 && !Double.isFinite(values[last])) {
      last--;
    }
    if (last < 0) {
      return taken;
    }
    String type = "series " + name.toLowerCase(Locale.ROOT);
    out.empty("path", "class", type, "d", LinePath.of(steps, values, x, y));
    double endX = x.at(steps[last]);
    double endY = y.at(values[last]);
    out.circle(type + " dot", endX, endY, 2.5);
    double at = Math.abs(endY - taken) < APART ? taken + (endY < taken ? -APART : APART) : endY;
    out.centered("label " + type, name, endX + 7, at);
    return at;
  }

  private static String describe(LossCurve curve) {
    int n = curve.steps().length;
    if (n == 0) {
      return "No steps were reported.";
    }
    return "From %s at step %s to %s at step %s."
        .formatted(
            Numbers.fixed(curve.total()[0], 3),
            Numbers.whole(curve.steps()[0]),
            Numbers.fixed(curve.total()[n - 1], 3),
            Numbers.whole(curve.steps()[n - 1]));
  }

  private static double[] concat(double[]... parts) {
    return Arrays.stream(parts).flatMapToDouble(Arrays::stream).toArray();
  }
}
