package org.duovox.report.chart;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.duovox.report.Wording;
import org.duovox.report.chart.Canvas.Anchor;
import org.duovox.report.chart.Canvas.Label;

/// Words on a plane: near each other where a model's vectors of them are, and of one color where
/// they mean alike.
///
/// @param name whose vectors
/// @param explained share of the variance that the plane shows
/// @param points one per word
public record WordMap(String name, double explained, List<Point> points) implements Chart {
  private static final double WIDTH = 460;
  private static final double HEIGHT = 400;
  private static final double MARGIN = 22;
  private static final double CHARACTER = 6.6;
  private static final double TEXT = 12;
  private static final double RADIUS = 3.2;

  /// One word.
  ///
  /// @param group of words that mean alike, from 0; -1 for none
  public record Point(String word, double x, double y, int group) {}

  /// A rectangle that text takes.
  private record Box(double left, double top, double right, double bottom) {
    boolean meets(Box other) {
      return left < other.right && other.left < right && top < other.bottom && other.top < bottom;
    }

    boolean isInside() {
      return left >= 2 && top >= 2 && right <= WIDTH - 2 && bottom <= HEIGHT - 2;
    }
  }

  public WordMap {
    points = List.copyOf(points);
  }

  @Override
  public Sheet sheet() {
    String text =
        "%d words on the two axes of largest variance, %s of it."
            .formatted(points.size(), Wording.pagePercent(explained));
    return new Sheet("chart", WIDTH, HEIGHT, name + ": map of the words", text);
  }

  @Override
  public void draw(Canvas canvas) {
    double unit = unit();
    double middleX = middle(Point::x);
    double middleY = middle(Point::y);
    List<Box> taken = new ArrayList<>();
    List<double[]> places = new ArrayList<>();
    for (Point point : points) {
      double x = WIDTH / 2 + unit * (point.x() - middleX);
      double y = HEIGHT / 2 - unit * (point.y() - middleY);
      places.add(new double[] {x, y});
      taken.add(new Box(x - RADIUS, y - RADIUS, x + RADIUS, y + RADIUS));
    }
    for (int i = 0; i < points.size(); i++) {
      Point point = points.get(i);
      canvas.open(point.word());
      canvas.circle(look(point), places.get(i)[0], places.get(i)[1], RADIUS);
      canvas.close();
    }
    for (int i = 0; i < points.size(); i++) {
      label(canvas, points.get(i).word(), places.get(i), taken);
    }
  }

  private static Look look(Point point) {
    if (point.group() < 0) {
      return Look.area("dot run-4", Ink.GRAY);
    }
    Ink ink = Ink.ofUnit(point.group());
    String hue = "--hue:" + Markup.coordinate(Ink.hueOf(point.group()));
    return Look.area("word", ink).styled(hue);
  }

  private double middle(ToDoubleFunction<Point> part) {
    double low = points.stream().mapToDouble(part).min().orElse(0);
    double high = points.stream().mapToDouble(part).max().orElse(0);
    return (low + high) / 2;
  }

  /// Returns pixels per unit, the same for both axes.
  private double unit() {
    double width = 2 * points.stream().mapToDouble(p -> p.x() - middle(Point::x)).max().orElse(0);
    double height = 2 * points.stream().mapToDouble(p -> p.y() - middle(Point::y)).max().orElse(0);
    double unit =
        Math.min(
            (WIDTH - 4 * MARGIN) / Math.max(width, 1e-12),
            (HEIGHT - 2 * MARGIN) / Math.max(height, 1e-12));
    return width == 0 && height == 0 ? 0 : unit;
  }

  /// Writes a word beside its dot where there is room; a word without room has its tooltip.
  private static void label(Canvas canvas, String word, double[] place, List<Box> taken) {
    double width = CHARACTER * word.codePointCount(0, word.length());
    double[] lefts = {
      place[0] + 6, place[0] - 6 - width, place[0] - width / 2, place[0] - width / 2
    };
    double[] baselines = {place[1] + 4, place[1] + 4, place[1] - 7, place[1] + 15};
    for (int i = 0; i < lefts.length; i++) {
      Box box = new Box(lefts[i], baselines[i] - TEXT + 2, lefts[i] + width, baselines[i] + 3);
      if (box.isInside() && taken.stream().noneMatch(box::meets)) {
        taken.add(box);
        Look look = Look.text("tick word-name", Ink.BLACK, 11, Anchor.START);
        canvas.text(look, Label.above(word, lefts[i], baselines[i]));
        return;
      }
    }
  }
}
