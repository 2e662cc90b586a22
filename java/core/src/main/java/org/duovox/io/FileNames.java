package org.duovox.io;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.duovox.DuovoxException;

/// Checks and builds names of files. A system stores bytes; Duovox reads them as UTF-8, whatever
/// the locale.
///
/// The Java runtime reads names in the charset of the locale that it was started in
/// (`sun.jnu.encoding`), and nothing inside the process can change that: `./duovox` starts it in a
/// UTF-8 locale. A program that uses the library and was started in another one is told so at the
/// first name for which it matters, before a garbled one becomes part of an output.
public final class FileNames {
  private static final String CHARSET = System.getProperty("sun.jnu.encoding", "UTF-8");
  private static final char REPLACEMENT = '\uFFFD';
  private static final int MOST_BYTES = 255; // NAME_MAX of Linux.
  private static final int SUM = 16;

  private FileNames() {}

  /// Refuses a name outside ASCII when this JVM was not started in a UTF-8 locale.
  ///
  /// @param what says where the name comes from: a variable, or file and line
  /// @throws DuovoxException (UNAVAILABLE) that says which variable to set
  public static void requireLocale(String what, String name) {
    requireLocale(what, name, CHARSET);
  }

  static void requireLocale(String what, String name, String charset) {
    if (!isUtf8(charset) && name.chars().anyMatch(c -> c >= 0x80)) {
      throw DuovoxException.unavailable(
          "%s: %s: this Java runtime reads names of files as %s, which would garble this one; set LC_ALL=C.UTF-8 (or another UTF-8 locale) before it starts"
              .formatted(what, name, charset));
    }
  }

  /// The same for a name that a variable of the system holds: one that was not UTF-8, and so has
  /// lost bytes, is refused too.
  public static void requireText(String what, String name) {
    requireLocale(what, name);
    if (name.indexOf(REPLACEMENT) >= 0) {
      throw DuovoxException.unavailable(
          "%s: the name %s is not UTF-8; choose another".formatted(what, name));
    }
  }

  /// Returns `before + name + after`. When a file system takes the name but not the longer one, the
  /// end of the name is replaced by a sum; a name that is too long itself stays so, and fails where
  /// it is used first.
  public static String around(String before, String name, String after) {
    int most = MOST_BYTES - bytes(before) - bytes(after);
    if (bytes(name) <= most || bytes(name) > MOST_BYTES) {
      return before + name + after;
    }
    String sum = "~" + Hashes.sha256(name).substring(0, SUM);
    int length = name.length();
    while (bytes(name.substring(0, length)) > most - bytes(sum)) {
      length = name.offsetByCodePoints(length, -1);
    }
    return before + name.substring(0, length) + sum + after;
  }

  private static int bytes(String name) {
    return name.getBytes(StandardCharsets.UTF_8).length;
  }

  /// Returns a name with the bytes outside of printable ASCII as `\xNN`.
  public static String escaped(byte[] name) {
    StringBuilder text = new StringBuilder();
    for (byte b : name) {
      text.append(b >= ' ' && b <= '~' ? String.valueOf((char) b) : "\\x%02X".formatted(b));
    }
    return text.toString();
  }

  private static boolean isUtf8(String charset) {
    String name = charset.toLowerCase(Locale.ROOT);
    return name.equals("utf-8") || name.equals("utf8");
  }
}
