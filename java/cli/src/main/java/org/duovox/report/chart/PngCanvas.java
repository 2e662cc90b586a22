package org.duovox.report.chart;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import javax.imageio.ImageIO;
import org.duovox.DuovoxException;

/// A PNG file at twice the nominal size, drawn by the JDK's own Java2D without a display.
final class PngCanvas implements Canvas {
  private static final double SCALE = 2;
  // Memory of the picture is four bytes per pixel; beyond this a viewer gives up too.
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
    box(0, 0, width, height, Ink.PAPER, null, false);
  }

  @Override
  public void box(
      double x, double y, double width, double height, Ink fill, Ink stroke, boolean dashed) {
    Rectangle2D shape = new Rectangle2D.Double(x, y, width, height);
    graphics.setColor(color(fill));
    graphics.fill(shape);
    if (stroke != null) {
      graphics.setColor(color(stroke));
      float[] dashes = dashed ? new float[] {3, 2} : null;
      graphics.setStroke(
          new BasicStroke(1.4f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 10, dashes, 0));
      graphics.draw(shape);
    }
  }

  @Override
  public void line(double x1, double y1, double x2, double y2, Ink ink, double width) {
    graphics.setColor(color(ink));
    graphics.setStroke(
        new BasicStroke((float) width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER));
    graphics.draw(new Line2D.Double(x1, y1, x2, y2));
  }

  @Override
  public void text(String text, double x, double y, double size, Anchor anchor, Ink ink) {
    graphics.setColor(color(ink));
    try {
      Font font = new Font(Font.SANS_SERIF, Font.PLAIN, 1).deriveFont((float) size);
      graphics.setFont(font);
      double width = font.getStringBounds(text, graphics.getFontRenderContext()).getWidth();
      double left =
          switch (anchor) {
            case START -> x;
            case MIDDLE -> x - width / 2;
            case END -> x - width;
          };
      graphics.drawString(text, (float) left, (float) (y + 0.35 * size));
    } catch (LinkageError | InternalError | RuntimeException e) {
      // A server without any font: Java2D has no other way to tell.
      throw DuovoxException.unavailable(
          "this machine has no font that Java can draw with; write .svg instead of .png, or"
              + " install fontconfig and a font",
          e);
    }
  }

  @Override
  public void upright(String text, double x, double y, double size, Ink ink) {
    AffineTransform before = graphics.getTransform();
    graphics.translate(x, y);
    graphics.rotate(-Math.PI / 2);
    text(text, 0, 0, size, Anchor.MIDDLE, ink);
    graphics.setTransform(before);
  }

  @Override
  public byte[] finish() {
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
