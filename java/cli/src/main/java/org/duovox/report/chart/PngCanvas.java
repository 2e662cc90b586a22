package org.duovox.report.chart;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.duovox.DuovoxException;
import org.duovox.report.chart.Look.Pen;

/// Paints a PNG file at twice the nominal size, drawn by the Java2D of the JDK without a display.
final class PngCanvas implements Canvas {
  private static final double SCALE = 2;
  private static final Pattern PATH_STEP = Pattern.compile("([MLHVZ])([^MLHVZ]*)");
  // A pixel takes four bytes of memory; beyond this number viewers give up too.
  private static final double MOST_PIXELS = 200e6;

  private final BufferedImage image;
  private final Graphics2D graphics;

  PngCanvas(double width, double height) {
    if (width * height * SCALE * SCALE > MOST_PIXELS) {
      throw DuovoxException.badData("the picture is too large for a PNG file; write .svg instead");
    }
    if (System.getProperty("java.awt.headless") == null) {
      System.setProperty("java.awt.headless", "true"); // Never look for a display.
    }
    image =
        new BufferedImage(
            (int) Math.ceil(width * SCALE),
            (int) Math.ceil(height * SCALE),
            BufferedImage.TYPE_INT_RGB);
    graphics = image.createGraphics();
    graphics.scale(SCALE, SCALE);
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    box(Look.area(null, Ink.PAPER), 0, 0, width, height);
  }

  @Override
  public void open(String tooltip) {}

  @Override
  public void close() {}

  @Override
  public void box(Look look, double x, double y, double width, double height) {
    draw(look, new Rectangle2D.Double(x, y, width, height));
  }

  @Override
  public void line(Look look, double x1, double y1, double x2, double y2) {
    draw(look, new Line2D.Double(x1, y1, x2, y2));
  }

  @Override
  public void circle(Look look, double x, double y, double radius) {
    draw(look, new Ellipse2D.Double(x - radius, y - radius, 2 * radius, 2 * radius));
  }

  @Override
  public void path(Look look, String path) {
    Path2D outline = new Path2D.Double();
    for (MatchResult step : PATH_STEP.matcher(path).results().toList()) {
      extend(outline, step.group(1), step.group(2).strip());
    }
    draw(look, outline);
  }

  private static void extend(Path2D outline, String letter, String numbers) {
    double[] to =
        numbers.isEmpty()
            ? new double[0]
            : Arrays.stream(numbers.split(" ")).mapToDouble(Double::parseDouble).toArray();
    switch (letter) {
      case "M" -> outline.moveTo(to[0], to[1]);
      case "L" -> outline.lineTo(to[0], to[1]);
      case "H" -> outline.lineTo(to[0], outline.getCurrentPoint().getY());
      case "V" -> outline.lineTo(outline.getCurrentPoint().getX(), to[0]);
      default -> outline.closePath();
    }
  }

  private void draw(Look look, Shape shape) {
    if (look.fill() != null) {
      graphics.setColor(color(look.fill()));
      graphics.fill(shape);
    }
    if (look.pen() != null) {
      graphics.setColor(color(look.pen().ink()));
      graphics.setStroke(stroke(look.pen()));
      graphics.draw(shape);
    }
  }

  private static BasicStroke stroke(Pen pen) {
    float[] dashes = null;
    if (pen.dashes() != null) {
      String[] lengths = pen.dashes().split(" ");
      dashes = new float[lengths.length];
      for (int i = 0; i < lengths.length; i++) {
        dashes[i] = Float.parseFloat(lengths[i]);
      }
    }
    return new BasicStroke(
        (float) pen.width(), BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 10, dashes, 0);
  }

  @Override
  public void text(Look look, Label label) {
    double below = label.centered() ? 0.35 * look.size() : 0;
    if (!label.upright()) {
      letters(look, label.text(), label.x(), label.y() + below);
      return;
    }
    AffineTransform before = graphics.getTransform();
    graphics.translate(label.x(), label.y());
    graphics.rotate(-Math.PI / 2);
    letters(look, label.text(), 0, below);
    graphics.setTransform(before);
  }

  private void letters(Look look, String text, double x, double baseline) {
    graphics.setColor(color(look.fill()));
    try {
      Font font = new Font(Font.SANS_SERIF, Font.PLAIN, 1).deriveFont((float) look.size());
      graphics.setFont(font);
      double width = font.getStringBounds(text, graphics.getFontRenderContext()).getWidth();
      double left =
          switch (look.anchor()) {
            case START -> x;
            case MIDDLE -> x - width / 2;
            case END -> x - width;
          };
      graphics.drawString(text, (float) left, (float) baseline);
    } catch (LinkageError | InternalError | RuntimeException e) {
      // A server without any font: Java2D has no other way to tell.
      throw DuovoxException.unavailable(
          "this machine has no font that Java can draw with; write .svg instead of .png, or"
              + " install fontconfig and a font",
          e);
    }
  }

  /// Returns the finished file.
  byte[] finish() {
    graphics.dispose();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      if (!ImageIO.write(image, "png", bytes)) {
        throw new IOException("this Java writes no PNG");
      }
    } catch (IOException e) {
      throw DuovoxException.io("cannot make a PNG picture", e);
    }
    return bytes.toByteArray();
  }

  private static Color color(Ink ink) {
    return new Color(ink.red(), ink.green(), ink.blue());
  }
}
