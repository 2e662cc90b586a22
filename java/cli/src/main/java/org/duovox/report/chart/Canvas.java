package org.duovox.report.chart;

import java.util.List;

/// What a chart is drawn on: an SVG element of a page, an SVG file or a PNG file. Coordinates are
/// pixels from the upper left corner, y downwards.
interface Canvas {
  /// Begins a group of shapes with a tooltip, which a bitmap leaves out.
  void open(String tooltip);

  /// Ends the group.
  void close();

  void box(Look look, double x, double y, double width, double height);

  void line(Look look, double x1, double y1, double x2, double y2);

  void circle(Look look, double x, double y, double radius);

  /// An outline in the notation of SVG, of which the letters M, L, H, V and Z are known.
  void path(Look look, String path);

  void text(Look look, Label label);

  /// Where text stands in relation to its place.
  enum Anchor {
    START,
    MIDDLE,
    END
  }

  /// Text at a place.
  ///
  /// @param centered whether it is centered on the height `y`, which is its baseline otherwise
  /// @param upright whether it reads upwards
  /// @param tooltip the whole text where a shortened one is drawn; may be null
  record Label(String text, double x, double y, boolean centered, boolean upright, String tooltip) {
    /// Returns text whose baseline is at `y`.
    static Label above(String text, double x, double y) {
      return new Label(text, x, y, false, false, null);
    }

    /// Returns text that is centered on the height `y`.
    static Label centered(String text, double x, double y) {
      return new Label(text, x, y, true, false, null);
    }

    /// Returns this text so that it reads upwards.
    Label turned() {
      return new Label(text, x, y, centered, true, tooltip);
    }

    /// Returns this text with a tooltip.
    Label explained(String whole) {
      return new Label(text, x, y, centered, upright, whole);
    }

    /// Breaks a name that is too long at a blank into two lines, the second of which may be cut.
    ///
    /// @param first characters that the first line has room for
    /// @param second characters that the second has room for
    static List<String> broken(String name, int first, int second) {
      int blank = name.lastIndexOf(' ', first);
      return name.codePointCount(0, name.length()) <= first || blank < 0
          ? List.of(shortened(name, first))
          : List.of(name.substring(0, blank), shortened(name.substring(blank + 1), second));
    }

    /// Cuts a name to a number of characters, the last of which is an ellipsis then.
    static String shortened(String name, int length) {
      int count = name.codePointCount(0, name.length());
      return count <= length
          ? name
          : name.substring(0, name.offsetByCodePoints(0, length - 1)) + "\u2026";
    }
  }
}
