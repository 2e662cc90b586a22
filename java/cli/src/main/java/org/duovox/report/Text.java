package org.duovox.report;

import java.io.PrintWriter;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// Words and tables for the summaries that verbs print.
public final class Text {
  /// The verb of a result: whether the output was written, or was there already with the same
  /// content.
  public static String wrote(boolean reused) {
    return reused ? "reused" : "wrote";
  }

  private Text() {}

  /// Like [String#format] with a decimal point everywhere.
  public static String of(String format, Object... args) {
    return String.format(Locale.ROOT, format, args);
  }

  /// A number without needless decimals: "80", "12.5", "0.000001".
  public static String number(double value) {
    return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
  }

  /// The name of a choice as options write it.
  public static String label(Enum<?> choice) {
    return choice.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// "1 utterance", "1,234 utterances".
  public static String count(long number, String noun) {
    return of("%,d %s%s", number, noun, number == 1 ? "" : "s");
  }

  /// A span of time for people: "850 ms", "12.3 s", "4 min 05 s", "2 h 03 min".
  public static String duration(double seconds) {
    if (seconds < 1) {
      return of("%.0f ms", seconds * 1000);
    }
    if (seconds < 60) {
      return of("%.1f s", seconds);
    }
    long whole = Math.round(seconds);
    return whole < 3600
        ? of("%d min %02d s", whole / 60, whole % 60)
        : of("%d h %02d min", whole / 3600, whole % 3600 / 60);
  }

  /// A share as per cent.
  public static String percent(double share) {
    return Double.isFinite(share) ? of("%.1f %%", 100 * share) : "-";
  }

  /// Bytes for people, in powers of 1000.
  public static String bytes(long bytes) {
    double value = bytes;
    for (String unit : List.of("B", "kB", "MB", "GB")) {
      if (value < 1000) {
        return of(unit.equals("B") ? "%.0f %s" : "%.1f %s", value, unit);
      }
      value /= 1000;
    }
    return of("%.1f TB", value);
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

  /// The first ten of many names, and how many more there are.
  public static String some(List<String> names) {
    String listed = names.stream().limit(10).collect(Collectors.joining(", "));
    return names.size() <= 10 ? listed : listed + of(" and %,d more", names.size() - 10);
  }
}
