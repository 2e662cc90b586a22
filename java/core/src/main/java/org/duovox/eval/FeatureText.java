package org.duovox.eval;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.duovox.DuovoxException;
import org.duovox.io.FileKind;
import org.duovox.io.TextInput;
import tools.jackson.core.io.NumberInput;

/// Reads a feature file of the ZeroSpeech layout: one frame per line, numbers between blanks, in
/// double precision.
///
/// As `numpy.loadtxt`: blank lines are skipped, `#` starts a comment. A cursor over the bytes,
/// because a submission holds hundreds of millions of numbers.
public final class FeatureText {
  private static final Pattern NOT_FINITE = Pattern.compile("[+-]?(nan|inf|infinity)");

  private final Path file;
  private final byte[] bytes;
  private int position;
  private int line = 1;

  private FeatureText(Path file, byte[] bytes) {
    this.file = file;
    this.bytes = bytes;
  }

  /// Reads a whole file.
  ///
  /// @return (frames, width), at least one frame and one column
  /// @throws DuovoxException of kind MISSING_INPUT, or BAD_DATA with file and line for an empty
  ///   file, rows of different widths, text that is not a number, NaN and infinities
  public static double[][] read(Path file) {
    FileKind.requireText(file, "a text of numbers");
    return new FeatureText(file, TextInput.bytes(file)).rows();
  }

  private double[][] rows() {
    List<double[]> rows = new ArrayList<>();
    double[] buffer = new double[256];
    while (position < bytes.length) {
      int width = 0;
      while (toNextNumber()) {
        if (width == buffer.length) {
          buffer = Arrays.copyOf(buffer, 2 * width);
        }
        buffer[width++] = number();
      }
      if (width > 0) {
        requireWidth(rows, width);
        rows.add(Arrays.copyOf(buffer, width));
      }
      line++;
      position++;
    }
    if (rows.isEmpty()) {
      throw DuovoxException.badData(file + ": holds no numbers; it needs one frame per line");
    }
    return rows.toArray(double[][]::new);
  }

  private void requireWidth(List<double[]> rows, int width) {
    if (!rows.isEmpty() && rows.getFirst().length != width) {
      throw bad("has %d columns, the lines before it %d".formatted(width, rows.getFirst().length));
    }
  }

  /// Moves to the start of the next number of this line; at its end, moves to the line feed and
  /// returns false.
  private boolean toNextNumber() {
    while (position < bytes.length && bytes[position] != '\n') {
      if (bytes[position] == '#') {
        skipComment();
      } else if (isBlank(bytes[position])) {
        position++;
      } else {
        return true;
      }
    }
    return false;
  }

  private void skipComment() {
    while (position < bytes.length && bytes[position] != '\n') {
      position++;
    }
  }

  private double number() {
    int start = position;
    boolean plain = true;
    while (position < bytes.length && !isBlank(bytes[position]) && bytes[position] != '#') {
      plain &= isPlain(bytes[position]);
      position++;
    }
    String text = new String(bytes, start, position - start, StandardCharsets.ISO_8859_1);
    if (NOT_FINITE.matcher(plain ? "" : text.toLowerCase(Locale.ROOT)).matches()) {
      throw bad("holds " + text + "; every value must be finite");
    }
    double value = plain ? parse(text) : Double.NaN;
    if (!Double.isFinite(value)) {
      throw bad("\"" + shortened(text) + "\" is not a number that fits double precision");
    }
    return value;
  }

  /// Whether it is a character of a number, without the letters that Java alone would accept (`1d`,
  /// `0x1p3`).
  private static boolean isPlain(byte c) {
    return (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '+' || c == 'e' || c == 'E';
  }

  /// Parses with the parser inside Jackson, which gives the same doubles as the JDK's in about half
  /// the time.
  static double parse(String text) {
    try {
      return NumberInput.parseDouble(text, true);
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }

  private static boolean isBlank(byte c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f';
  }

  private static String shortened(String text) {
    return text.length() <= 40 ? text : text.substring(0, 40) + "...";
  }

  private DuovoxException bad(String what) {
    return DuovoxException.badData(file + ":" + line + ": " + what);
  }
}
