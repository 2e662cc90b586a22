package org.duovox.report.chart;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;

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

  /// Writes an element without content; only for void HTML elements and SVG shapes.
  public Markup empty(String tag, Object... attributes) {
    start(tag, attributes);
    out.append("/>");
    return this;
  }

  /// Writes an element that holds text.
  public Markup leaf(String tag, String text, Object... attributes) {
    return open(tag, attributes).text(text).close();
  }

  /// Writes text.
  public Markup text(String text) {
    escape(text);
    return this;
  }

  /// Writes a line feed, so that the file can be read and compared.
  public Markup newLine() {
    out.append('\n');
    return this;
  }

  /// Writes text of ours without escaping it: the style sheet and the document type.
  public Markup verbatim(String text) {
    out.append(text);
    return this;
  }

  /// Formats a coordinate or a length with at most two decimals.
  public static String coordinate(double value) {
    long hundredths = Math.round(value * 100);
    if (hundredths % 100 == 0) {
      return Long.toString(hundredths / 100);
    }
    String text = String.format(Locale.ROOT, "%.2f", hundredths / 100.0);
    return text.endsWith("0") ? text.substring(0, text.length() - 1) : text;
  }

  /// Returns what was written.
  ///
  /// @throws IllegalStateException when an element is still open
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
        escape(value instanceof Double number ? coordinate(number) : value.toString());
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

  /// Returns whether a character is a control character or lone surrogate, which XML forbids, or a
  /// mark that turns the reading direction around.
  private static boolean isHarmful(char c) {
    return Character.isISOControl(c)
        || Character.isSurrogate(c)
        || (c >= '\u202A' && c <= '\u202E')
        || (c >= '\u2066' && c <= '\u2069')
        || c >= '\uFFFE';
  }
}
