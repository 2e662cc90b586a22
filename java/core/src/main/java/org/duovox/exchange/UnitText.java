package org.duovox.exchange;

import java.util.Arrays;
import org.duovox.DuovoxException;

/// Units as text: whole numbers from 0 on with one kind of separator.
final class UnitText {
  private static final int LONGEST_SHOWN = 20;

  private UnitText() {}

  /// Parses a line of units.
  ///
  /// @param separator ' ' (one or more) or ',' (exactly one)
  /// @throws DuovoxException (BAD_DATA) for an empty line and for anything else than such numbers
  static int[] parse(String text, char separator, String where) {
    if (text.isBlank()) {
      throw DuovoxException.badData(
          where + ": has no units; leave the utterance out of every file or make its units again");
    }
    int[] units = new int[1 + count(text, separator)];
    int found = 0;
    int at = 0;
    while (at <= text.length()) {
      int next = text.indexOf(separator, at);
      next = next < 0 ? text.length() : next;
      if (next > at || separator != ' ') {
        units[found] = unit(text, at, next, separator, found, where);
        found++;
      }
      at = next + 1;
    }
    return Arrays.copyOf(units, found);
  }

  /// Parses one unit.
  static int unit(String text, int from, int to, char separator, int index, String where) {
    long value = 0;
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') {
        throw bad(text.substring(from, to), separator, index, where);
      }
      value = 10 * value + c - '0';
      if (value > Integer.MAX_VALUE - 1) {
        throw bad(text.substring(from, to), separator, index, where);
      }
    }
    if (from == to) {
      throw bad("", separator, index, where);
    }
    return (int) value;
  }

  private static DuovoxException bad(String token, char separator, int index, String where) {
    String shown =
        token.length() > LONGEST_SHOWN ? token.substring(0, LONGEST_SHOWN) + "..." : token;
    String wanted = separator == ' ' ? "spaces" : "'" + separator + "'";
    boolean mixed = token.matches("[0-9]+([\\s,;|:-]+[0-9]+)+");
    return DuovoxException.badData(
        mixed
            ? "%s: mixed separators in '%s' at unit %d; the units of this format are separated by %s"
                .formatted(where, shown, index, wanted)
            : "%s: unit %d is '%s', not a whole number from 0 to 2147483646 (separated by %s)"
                .formatted(where, index, shown, wanted));
  }

  private static int count(String text, char separator) {
    return (int) text.chars().filter(c -> c == separator).count();
  }

  /// The units of an utterance as text.
  static String join(int[] units, char separator) {
    StringBuilder text = new StringBuilder(4 * units.length);
    for (int i = 0; i < units.length; i++) {
      if (i > 0) {
        text.append(separator);
      }
      text.append(units[i]);
    }
    return text.toString();
  }
}
