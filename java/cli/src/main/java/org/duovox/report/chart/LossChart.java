package org.duovox.report.chart;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import org.duovox.report.Wording;
import org.duovox.report.chart.Canvas.Anchor;
import org.duovox.report.chart.Canvas.Label;
import org.duovox.report.chart.CurveChart.Series;
import org.duovox.train.log.TrainLine;

/// The losses of one model over training steps: the total and, where it is an objective, masked
/// context prediction (MCP) and masked context reconstruction (MCR).
///
/// @param name of the model
/// @param lines reports of its training, in order; those of held-out utterances are left out
public record LossChart(String name, List<TrainLine> lines) implements Chart {
  private static final double WIDTH = 460;
  private static final double HEIGHT = 240;
  private static final double LEFT = 46;
  private static final double RIGHT = 400;
  private static final double TOP = 14;
  private static final double BOTTOM = 196;
  private static final double LINE_OF_TEXT = 15;

  private record Curve(String name, Ink ink, Series series) {
    boolean isEverAboveZero() {
      return DoubleStream.of(series.values()).anyMatch(value -> value > 0);
    }
  }

  public LossChart {
    lines = lines.stream().filter(line -> line.kind() == TrainLine.Kind.TRAIN).toList();
  }

  @Override
  public Sheet sheet() {
    return new Sheet("chart", WIDTH, HEIGHT, name + ": training loss", description());
  }

  @Override
  public void draw(Canvas canvas) {
    List<Curve> curves = curves();
    double[] all =
        curves.stream()
            .flatMapToDouble(curve -> Arrays.stream(curve.series().values()))
            .filter(Double::isFinite)
            .toArray();
    double low = Arrays.stream(all).min().orElse(Double.NaN);
    double high = Arrays.stream(all).max().orElse(Double.NaN);
    // A loss has a natural zero; it is shown unless that would flatten the curve.
    Scale y = Scale.round(low > 0 && low < 0.6 * high ? 0 : low, high, BOTTOM, TOP, 4);
    Scale x = steps();
    Axes.vertical(canvas, y, LEFT, RIGHT, tick -> Wording.fixed(tick, y.decimals(4)));
    Axes.horizontal(canvas, x, BOTTOM, 5, Axes::abbreviated);
    Axes.name(canvas, x, HEIGHT - 6, "step");
    double nameBefore = Double.NaN;
    for (Curve curve : curves) {
      nameBefore = draw(canvas, curve, x, y, nameBefore);
    }
  }

  private List<Curve> curves() {
    List<Curve> curves = new ArrayList<>();
    curves.add(new Curve("total", Ink.BLACK, series(TrainLine::loss)));
    curves.add(new Curve("MCP", Ink.BLUE, series(TrainLine::mcp)));
    curves.add(new Curve("MCR", Ink.ORANGE, series(TrainLine::mcr)));
    // An objective that was never above 0 was not one.
    curves.subList(1, curves.size()).removeIf(curve -> !curve.isEverAboveZero());
    return curves;
  }

  private Series series(ToDoubleFunction<TrainLine> value) {
    return Series.of(0, false, lines, TrainLine::step, value);
  }

  private Scale steps() {
    if (lines.isEmpty()) {
      return Scale.linear(0, 1, LEFT, RIGHT);
    }
    long last = lines.getLast().step();
    return Scale.linear(lines.size() == 1 ? 0 : lines.getFirst().step(), last, LEFT, RIGHT);
  }

  /// Draws one curve with its name at its end, moved away from the name before, and returns the
  /// height of the name.
  private static double draw(Canvas canvas, Curve curve, Scale x, Scale y, double nameBefore) {
    Series series = curve.series();
    int last = series.lastFinite();
    if (last < 0) {
      return nameBefore;
    }
    String css = "series " + curve.name().toLowerCase(Locale.ROOT);
    canvas.path(Look.stroke(css, curve.ink(), CurveChart.STROKE), series.path(x, y));
    double endX = x.at(series.steps()[last]);
    double endY = y.at(series.values()[last]);
    canvas.circle(Look.area(css + " dot", curve.ink()), endX, endY, 2.5);
    double at = endY;
    if (Math.abs(endY - nameBefore) < LINE_OF_TEXT) {
      at = nameBefore + (endY < nameBefore ? -LINE_OF_TEXT : LINE_OF_TEXT);
    }
    Look look = Look.text("label " + css, curve.ink(), Anchor.START);
    canvas.text(look, Label.centered(curve.name(), endX + 7, at));
    return at;
  }

  private String description() {
    if (lines.isEmpty()) {
      return "No steps were reported.";
    }
    TrainLine first = lines.getFirst();
    TrainLine last = lines.getLast();
    return "From %s at step %s to %s at step %s."
        .formatted(
            Wording.fixed(first.loss(), 3),
            Wording.grouped(first.step()),
            Wording.fixed(last.loss(), 3),
            Wording.grouped(last.step()));
  }
}
