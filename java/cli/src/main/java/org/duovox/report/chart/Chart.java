package org.duovox.report.chart;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import org.duovox.DuovoxException;
import org.duovox.io.atomic.AtomicFiles;

/// A drawing of a report, which becomes an SVG element of a page, an SVG file or a PNG file.
public interface Chart {
  /// The size of a chart and what it shows in words.
  ///
  /// @param kind class of the style sheet: `chart`, `strip` or `heatmap`
  /// @param width in pixels
  /// @param height in pixels
  /// @param title what a screen reader reads first
  /// @param description the most important figures in a sentence
  record Sheet(String kind, double width, double height, String title, String description) {}

  /// Returns the size of the chart and its words.
  Sheet sheet();

  /// Draws the chart on a canvas of its size.
  void draw(Canvas canvas);

  /// Writes the chart into a page, as an SVG element with the classes of the page's style sheet.
  default void writeTo(Markup page) {
    SvgCanvas canvas = SvgCanvas.inPage(page, sheet());
    draw(canvas);
    canvas.finish();
  }

  /// Writes the chart as an `.svg` or `.png` file.
  ///
  /// @throws DuovoxException (USAGE) for another kind of file, (UNAVAILABLE) when a PNG is wanted
  ///   and the machine has no font
  default void write(Path file) {
    requireKnownKind(file);
    AtomicFiles.write(file, lowerCase(file).endsWith(".svg") ? svg() : png());
  }

  /// Refuses a file name of another kind before any work is done.
  static void requireKnownKind(Path file) {
    String name = lowerCase(file);
    if (!name.endsWith(".svg") && !name.endsWith(".png")) {
      throw DuovoxException.usage(
          "a picture is written as .svg or .png, but the file is named " + file);
    }
  }

  private byte[] svg() {
    Markup file = new Markup();
    SvgCanvas canvas = SvgCanvas.standalone(file, sheet());
    draw(canvas);
    canvas.finish();
    return file.toString().getBytes(StandardCharsets.UTF_8);
  }

  private byte[] png() {
    PngCanvas canvas = new PngCanvas(sheet().width(), sheet().height());
    draw(canvas);
    return canvas.finish();
  }

  private static String lowerCase(Path file) {
    return file.toString().toLowerCase(Locale.ROOT);
  }
}
