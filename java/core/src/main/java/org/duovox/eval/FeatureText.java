package org.duovox.eval;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
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

  // A significand below 2^53 and a power of ten up to 10^22 are exact doubles, so that one
  // multiplication or division rounds correctly (Clinger 1990).
  private static final int EXACT_DIGITS = 15;
  private static final double[] POWERS = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22
  };

  private final Path file;
  private final byte[] bytes;
  private final Consumer<Problem> faults;
  private int position;
  private int line = 1;
  private long significand; // Of the number being read, without its point.
  private int significant; // Its digits from the first that is not 0; beyond 15 it means nothing.

  private FeatureText(Path file, byte[] bytes, Consumer<Problem> faults) {
    this.file = file;
    this.bytes = bytes;
    this.faults = faults;
  }

  /// Reads a whole file.
  ///
  /// @return (frames, width), at least one frame and one column
  /// @throws DuovoxException of kind MISSING_INPUT, or BAD_DATA with file and line for an empty
  ///   file, rows of different widths, text that is not a number, NaN and infinities
  public static double[][] read(Path file) {
    return read(file, Problem::refuse);
  }

  /// Reads a whole file and tells all that is wrong with its lines, where [#read(Path)] throws at
  /// the first fault. A value that cannot be read is NaN, a row of another width left out.
  ///
  /// @return (frames, width); perhaps no frame
  static double[][] read(Path file, Consumer<Problem> faults) {
    FileKind.requireText(file, "a text of numbers");
    return new FeatureText(file, TextInput.bytes(file), faults).rows();
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
      if (width > 0 && hasWidth(rows, width)) {
        rows.add(Arrays.copyOf(buffer, width));
      }
      line++;
      position++;
    }
    if (rows.isEmpty()) {
      String text = "holds no numbers; it needs one frame per line";
      faults.accept(new Problem(file.toString(), 0, text));
    }
    return rows.toArray(double[][]::new);
  }

  private boolean hasWidth(List<double[]> rows, int width) {
    if (rows.isEmpty() || rows.getFirst().length == width) {
      return true;
    }
    bad("has %d columns, the lines before it %d".formatted(width, rows.getFirst().length));
    return false;
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
    double value = shortNumber();
    if (!Double.isNaN(value)) {
      return value;
    }
    position = start;
    return anyNumber();
  }

  /// Reads a number of at most 15 significant digits, which is what texts of floats hold, digit by
  /// digit; NaN for anything else.
  private double shortNumber() {
    boolean negative = bytes[position] == '-';
    if (negative || bytes[position] == '+') {
      position++;
    }
    significand = 0;
    significant = 0;
    int whole = digits();
    boolean point = position < bytes.length && bytes[position] == '.';
    position += point ? 1 : 0;
    int fraction = point ? digits() : 0;
    int power = exponent() - fraction;
    boolean exact = significant <= EXACT_DIGITS && Math.abs(power) < POWERS.length;
    if (whole + fraction == 0 || !exact || !isEnd()) {
      return Double.NaN;
    }
    double value = power < 0 ? significand / POWERS[-power] : significand * POWERS[power];
    return negative ? -value : value;
  }

  /// Appends digits to the significand and returns their number.
  private int digits() {
    int start = position;
    while (position < bytes.length && bytes[position] >= '0' && bytes[position] <= '9') {
      significand = 10 * significand + bytes[position++] - '0';
      significant += significand == 0 ? 0 : 1;
    }
    return position - start;
  }

  /// Reads an exponent of up to three digits; 0 for none, and one that no table holds for what is
  /// none.
  private int exponent() {
    if (isEnd() || (bytes[position] != 'e' && bytes[position] != 'E')) {
      return 0;
    }
    position++;
    boolean negative = position < bytes.length && bytes[position] == '-';
    if (position < bytes.length && (negative || bytes[position] == '+')) {
      position++;
    }
    int start = position;
    int exponent = 0;
    while (position < bytes.length && bytes[position] >= '0' && bytes[position] <= '9') {
      exponent = 10 * exponent + bytes[position++] - '0';
    }
    if (position == start || position > start + 3) {
      return Short.MAX_VALUE;
    }
    return negative ? -exponent : exponent;
  }

  private boolean isEnd() {
    return position == bytes.length || isBlank(bytes[position]) || bytes[position] == '#';
  }

  private double anyNumber() {
    int start = position;
    boolean plain = true;
    while (!isEnd()) {
      plain &= isPlain(bytes[position]);
      position++;
    }
    String text = new String(bytes, start, position - start, StandardCharsets.ISO_8859_1);
    if (NOT_FINITE.matcher(plain ? "" : text.toLowerCase(Locale.ROOT)).matches()) {
      bad("holds " + text + "; every value must be finite");
      return Double.NaN;
    }
    double value = plain ? parse(text) : Double.NaN;
    if (!Double.isFinite(value)) {
      bad("\"" + shortened(text) + "\" is not a number that fits double precision");
      return Double.NaN;
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

  private void bad(String what) {
    faults.accept(new Problem(file.toString(), line, what));
  }
}
