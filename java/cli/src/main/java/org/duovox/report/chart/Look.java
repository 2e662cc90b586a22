package org.duovox.report.chart;

import org.duovox.report.chart.Canvas.Anchor;

/// How a shape or a text looks: by classes of the style sheet in a page, which follows the color
/// scheme of its reader, and by colors in a file of its own.
///
/// @param css classes of `report.css`; null for what no page shows
/// @param inline a style of this one shape in a page; may be null
/// @param fill null for none
/// @param pen draws lines and outlines; null for none
/// @param size of text, in pixels
/// @param anchor of text
record Look(String css, String inline, Ink fill, Pen pen, double size, Anchor anchor) {
  private static final double TEXT_SIZE = 12;

  /// The name of a row, on its left.
  static final Look ROW_NAME = text("label end", Ink.BLACK, TEXT_SIZE, Anchor.END);

  /// A color and a width in pixels.
  ///
  /// @param dashes lengths of dashes and gaps in the notation of SVG; null for a solid line
  record Pen(Ink ink, double width, String dashes) {}

  /// Returns the look of an area without an outline.
  static Look area(String css, Ink fill) {
    return new Look(css, null, fill, null, TEXT_SIZE, Anchor.START);
  }

  /// Returns the look of a line or an outline.
  static Look stroke(String css, Ink ink, double width) {
    return new Look(css, null, null, new Pen(ink, width, null), TEXT_SIZE, Anchor.START);
  }

  /// Returns the look of text.
  static Look text(String css, Ink ink, double size, Anchor anchor) {
    return new Look(css, null, ink, null, size, anchor);
  }

  /// Returns the look of text with the ordinary size.
  static Look text(String css, Ink ink, Anchor anchor) {
    return text(css, ink, TEXT_SIZE, anchor);
  }

  /// Returns this area with an outline.
  Look outlined(Ink ink, double width) {
    return new Look(css, inline, fill, new Pen(ink, width, null), size, anchor);
  }

  /// Returns this line or outline in dashes.
  Look dashed(String dashes) {
    return new Look(css, inline, fill, new Pen(pen.ink(), pen.width(), dashes), size, anchor);
  }

  /// Returns this look with a style of its own in a page.
  Look styled(String style) {
    return new Look(css, style, fill, pen, size, anchor);
  }
}
