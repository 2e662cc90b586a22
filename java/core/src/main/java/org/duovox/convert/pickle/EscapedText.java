package org.duovox.convert.pickle;

/// The two spellings of text in the oldest pickle protocol.
final class EscapedText {
  private EscapedText() {}

  /// A text in quotes with the escapes of a Python 2 string.
  static String quoted(String line, PickleInput input) {
    String text = line.strip();
    int last = text.length() - 1;
    boolean quoted =
        last > 0
            && (text.charAt(0) == '\'' || text.charAt(0) == '"')
            && text.charAt(last) == text.charAt(0);
    if (!quoted) {
      throw input.bad("a text that is not in quotes");
    }
    return decode(text.substring(1, last), input, true);
  }

  /// A text with escaped code points.
  static String unicode(String line, PickleInput input) {
    return decode(line, input, false);
  }

  private static String decode(String text, PickleInput input, boolean allEscapes) {
    StringBuilder decoded = new StringBuilder(text.length());
    int at = 0;
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c != '\\' || at == text.length()) {
        decoded.append(c);
        continue;
      }
      char kind = text.charAt(at++);
      int digits = digits(kind, allEscapes);
      if (digits > 0) {
        decoded.appendCodePoint(codePoint(text, at, digits, input));
        at += digits;
      } else {
        decoded.append(allEscapes ? simple(kind, input) : "\\" + kind);
      }
    }
    return decoded.toString();
  }

  private static int digits(char kind, boolean allEscapes) {
    return switch (kind) {
      case 'x' -> allEscapes ? 2 : 0;
      case 'u' -> allEscapes ? 0 : 4;
      case 'U' -> allEscapes ? 0 : 8;
      default -> 0;
    };
  }

  private static int codePoint(String text, int from, int digits, PickleInput input) {
    try {
      int value = Integer.parseInt(text, from, Math.min(from + digits, text.length()), 16);
      if (from + digits <= text.length() && Character.isValidCodePoint(value)) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Told below.
    }
    throw input.bad("an escaped character that is none");
  }

  private static String simple(char kind, PickleInput input) {
    return switch (kind) {
      case '\\', '\'', '"' -> String.valueOf(kind);
      case 'n' -> "\n";
      case 'r' -> "\r";
      case 't' -> "\t";
      default -> throw input.bad("an unknown escape \\" + kind);
    };
  }
}
