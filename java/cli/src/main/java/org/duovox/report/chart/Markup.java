package org.duovox.report.chart;

import java.util.ArrayDeque;
import java.util.Deque;

/// Writes HTML and SVG that is also well-formed XML; everything given to it is escaped.
public final class Markup {
  private static final char REPLACEMENT = '\uFFFD';

  private final StringBuilder out = new StringBuilder(1 << 16);
  private final Deque<String> open = new ArrayDeque<>();

  /// Opens an element; attributes are names and values in turn, those with a null value are left
  /// out.
  public Markup open(String tag, Object... attributes) {
    start(tag, attributes);
    out.append('>');
    open.push(tag);
    return this;
  }

  /// Closes the element opened last.
  public Markup close() {
    out.append("</").append(open.pop()).append('>');
    return this;
  }

  /// An element without content; only for void HTML elements and SVG shapes.
  public Markup empty(String tag, Object... attributes) {
    start(tag, attributes);
    out.append("/>");
    return this;
  }

  /// An element that holds text.
  public Markup leaf(String tag, String text, Object... attributes) {
    return open(tag, attributes).text(text).close();
  }

  /// Text.
  public Markup text(String text) {
    escape(text);
    return this;
  }

  /// A line feed, so that the file can be read and compared.
  public Markup newLine() {
    out.append('\n');
    return this;
  }

  /// Trusted text of ours that must not be escaped: the style sheet and the document type.
  public Markup verbatim(String text) {
    out.append(text);
    return this;
  }

  /// Opens an SVG picture that scales with the page and tells a screen reader what it shows.
  Markup openPicture(double width, double height, String type, String title, String description) {
    open(
        "svg",
        "viewBox",
        "0 0 " + Numbers.coordinate(width) + " " + Numbers.coordinate(height),
        "class",
        "picture " + type,
        "role",
        "img");
    return leaf("title", title).leaf("desc", description);
  }

  /// A straight line.
  public Markup line(String type, double x1, double y1, double x2, double y2) {
    return empty("line", "class", type, "x1", x1, "y1", y1, "x2", x2, "y2", y2);
  }

  /// A filled circle.
  Markup circle(String type, double x, double y, double radius) {
    return empty("circle", "class", type, "cx", x, "cy", y, "r", radius);
  }

  /// A slightly rounded rectangle; the inline style may be null.
  Markup box(String type, String style, double x, double y, double width, double height) {
    Object[] attributes = {
      "class", type, "style", style, "x", x, "y", y, "width", width, "height", height, "rx", 2.0
    };
    return empty("rect", attributes);
  }

  /// Text at a baseline.
  Markup label(String type, String text, double x, double y) {
    return leaf("text", text, "class", type, "x", x, "y", y);
  }

  /// Text that is centered on a height.
  Markup centered(String type, String text, double x, double y) {
    return leaf("text", text, "class", type, "x", x, "y", y, "dy", "0.35em");
  }

  @Override
  public String toString() {
    if (!open.isEmpty()) {
      throw new IllegalStateException("not closed: " + open);
    }
    return out.toString();
  }

  private void start(String tag, Object... attributes) {
    out.append('<').append(tag);
    for (int i = 0; i < attributes.length; i += 2) {
      Object value = attributes[i + 1];
      if (value != null) {
        out.append(' ').append(attributes[i]).append("=\"");
        escape(value instanceof Double number ? Numbers.coordinate(number) : value.toString());
        out.append('"');
      }
    }
  }

  private void escape(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '"' -> out.append("&quot;");
        case '\'' -> out.append("&#39;");
        case '\n', '\t' -> out.append(c);
        default -> {
          boolean pair = i + 1 < text.length() && Character.isSurrogatePair(c, text.charAt(i + 1));
          if (pair) {
            out.append(c).append(text.charAt(++i));
          } else {
            out.append(isHarmful(c) ? REPLACEMENT : c);
          }
        }
      }
    }
  }

  /// Control characters and lone surrogates, which XML forbids, and marks that turn the reading
  /// direction around.
  private static boolean isHarmful(char c) {
    return Character.isISOControl(c)
        || Character.isSurrogate(c)
        || (c >= '\u202A' && c <= '\u202E')
        || (c >= '\u2066' && c <= '\u2069')
        || c >= '\uFFFE';
  }
}
