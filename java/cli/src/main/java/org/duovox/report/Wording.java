package org.duovox.report;

import java.io.PrintWriter;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// Numbers, spans of time and lists of names as people read them, in the summaries that verbs print
/// and on the pages of reports.
///
/// A summary is plain text. A page has a real minus sign, narrow spaces between groups of digits,
/// and a dash for what is undefined: [#fixed], [#grouped], [#pagePercent], [#pageDuration].
public final class Wording {
  /// The minus sign of pages.
  public static final String MINUS = "\u2212";

  private static final String UNDEFINED = "\u2013";
  private static final int NAMES_LISTED = 10;

  private Wording() {}

  /// Formats like [String#format], with a decimal point everywhere.
  public static String format(String format, Object... args) {
    return String.format(Locale.ROOT, format, args);
  }

  /// Returns the verb of a result: whether the output was written, or was there already with the
  /// same content.
  public static String wroteOrReused(boolean reused) {
    return reused ? "reused" : "wrote";
  }

  /// Formats a number without needless decimals: "80", "12.5", "0.000001".
  public static String number(double value) {
    return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
  }

  /// Returns the name of a choice as options write it.
  public static String optionName(Enum<?> choice) {
    return choice.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// Formats a number of things: "1 utterance", "1,234 utterances".
  public static String count(long number, String noun) {
    return format("%,d %s%s", number, noun, number == 1 ? "" : "s");
  }

  /// Formats a span of time: "850 ms", "12.3 s", "4 min 05 s", "2 h 03 min".
  public static String duration(double seconds) {
    if (seconds < 1) {
      return format("%.0f ms", seconds * 1000);
    }
    if (seconds < 60) {
      return format("%.1f s", seconds);
    }
    long whole = Math.round(seconds);
    return whole < 3600
        ? format("%d min %02d s", whole / 60, whole % 60)
        : format("%d h %02d min", whole / 3600, whole % 3600 / 60);
  }

  /// Formats a span of time for a page: "0.9 s", "4 min 5 s", "2 h 3 min".
  public static String pageDuration(double seconds) {
    if (!(seconds >= 60)) {
      return fixed(seconds, 1) + " s";
    }
    long whole = Math.round(seconds);
    return whole >= 3600
        ? whole / 3600 + " h " + whole % 3600 / 60 + " min"
        : whole / 60 + " min " + whole % 60 + " s";
  }

  /// Formats a share as percent: "97.3 %"; "-" where it is not finite.
  public static String percent(double share) {
    return Double.isFinite(share) ? format("%.1f %%", 100 * share) : "-";
  }

  /// Formats a share as percent for a page.
  public static String pagePercent(double share) {
    return Double.isNaN(share) ? UNDEFINED : fixed(100 * share, 1) + " %";
  }

  /// Formats a value with fixed decimals for a page.
  public static String fixed(double value, int decimals) {
    if (Double.isNaN(value)) {
      return UNDEFINED;
    }
    if (Double.isInfinite(value)) {
      return (value < 0 ? MINUS : "") + "\u221E";
    }
    String text = format("%." + decimals + "f", value);
    boolean zero = text.chars().noneMatch(c -> c >= '1' && c <= '9');
    return text.startsWith("-") ? (zero ? "" : MINUS) + text.substring(1) : text;
  }

  /// Formats a whole number for a page, in groups of three digits.
  public static String grouped(long value) {
    return format("%,d", value).replace(',', '\u202F').replace("-", MINUS);
  }

  /// Formats a number of bytes, in powers of 1000: "1.5 kB".
  public static String bytes(long bytes) {
    double value = bytes;
    for (String unit : List.of("B", "kB", "MB", "GB")) {
      if (value < 1000) {
        return format(unit.equals("B") ? "%.0f %s" : "%.1f %s", value, unit);
      }
      value /= 1000;
    }
    return format("%.1f TB", value);
  }

  /// Returns the first ten of many names, and how many more there are.
  public static String firstTen(List<String> names) {
    String listed = names.stream().limit(NAMES_LISTED).collect(Collectors.joining(", "));
    return names.size() <= NAMES_LISTED
        ? listed
        : listed + format(" and %,d more", names.size() - NAMES_LISTED);
  }

  /// Prints rows with aligned columns: the first to the left, the others as `alignRight` says.
  public static void table(PrintWriter out, List<List<String>> rows, boolean alignRight) {
    int columns = rows.stream().mapToInt(List::size).max().orElse(0);
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < row.size(); i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < row.size(); i++) {
        String cell = row.get(i);
        String blanks = " ".repeat(widths[i] - cell.length());
        line.append(i == 0 ? "" : "  ").append(alignRight && i > 0 ? blanks + cell : cell + blanks);
      }
      out.println(line.toString().stripTrailing());
    }
  }
}
