package org.duovox.report.chart;

/// What a standalone picture is drawn on: rectangles, lines and text in pixels, y downwards; SVG or
/// PNG.
interface Canvas {
  /// Where text stands in relation to its place.
  enum Anchor {
    START,
    MIDDLE,
    END
  }

  /// A rectangle; `stroke` may be null, `dashed` then means nothing.
  void box(double x, double y, double width, double height, Ink fill, Ink stroke, boolean dashed);

  void line(double x1, double y1, double x2, double y2, Ink ink, double width);

  /// Text that is centered on the height `y`.
  void text(String text, double x, double y, double size, Anchor anchor, Ink ink);

  /// Text that reads upwards, centered on its place.
  void upright(String text, double x, double y, double size, Ink ink);

  /// The finished file.
  byte[] finish();
}
