package org.duovox.eval;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.duovox.DuovoxException;

/// Something wrong with an input, and where.
///
/// @param file the file or folder
/// @param line from 1; 0 where it concerns the file as a whole
/// @param text what is wrong
public record Problem(String file, int line, String text) {
  private static final Pattern AT_LINE = Pattern.compile("([1-9][0-9]{0,8}): (.*)", Pattern.DOTALL);

  /// Takes the problem that a reader of `file` threw, whose message begins with the place.
  public static Problem of(String file, DuovoxException thrown) {
    String message = thrown.getMessage();
    if (!message.startsWith(file + ":")) {
      return new Problem(file, 0, message);
    }
    String rest = message.substring(file.length() + 1);
    Matcher at = AT_LINE.matcher(rest);
    return at.matches()
        ? new Problem(file, Integer.parseInt(at.group(1)), at.group(2))
        : new Problem(file, 0, rest.strip());
  }

  /// Throws it: what a reader does that accepts no problem.
  void refuse() {
    throw DuovoxException.badData(toString());
  }

  /// Returns `file:line: text`.
  @Override
  public String toString() {
    return file + (line == 0 ? ": " : ":" + line + ": ") + text;
  }
}
