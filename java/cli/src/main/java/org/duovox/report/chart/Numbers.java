package org.duovox.report.chart;

import java.util.Locale;

/// Numbers as text: short in attributes, with thin digits groups and a real minus sign where people
/// read them.
public final class Numbers {
  private static final String MINUS = "\u2212";
  private static final String NONE = "\u2013";

  private Numbers() {}

  /// At most two decimals, for coordinates.
  public static String coordinate(double value) {
    long hundredths = Math.round(value * 100);
    if (hundredths % 100 == 0) {
      return Long.toString(hundredths / 100);
    }
    String text = String.format(Locale.ROOT, "%.2f", hundredths / 100.0);
    return text.endsWith("0") ? text.substring(0, text.length() - 1) : text;
  }

  /// Fixed decimals; a dash where undefined.
  public static String fixed(double value, int decimals) {
    if (Double.isNaN(value)) {
      return NONE;
    }
    if (Double.isInfinite(value)) {
      return (value < 0 ? MINUS : "") + "\u221E";
    }
    String text = String.format(Locale.ROOT, "%." + decimals + "f", value);
    boolean zero = text.chars().noneMatch(c -> c >= '1' && c <= '9');
    return text.startsWith("-") ? (zero ? "" : MINUS) + text.substring(1) : text;
  }

  /// Whole numbers in groups of three with narrow spaces.
  public static String whole(long value) {
    return String.format(Locale.ROOT, "%,d", value).replace(',', '\u202F').replace("-", MINUS);
  }

  /// A share as percent.
  public static String percent(double share) {
    return Double.isNaN(share) ? NONE : fixed(100 * share, 1) + " %";
  }

  /// A short tick label for whole numbers: 1k, 2.5M.
  static String abbreviated(double value) {
    double size = Math.abs(value);
    if (size >= 1e6) {
      return trimmed(value / 1e6) + "M";
    }
    return size >= 1e4 ? trimmed(value / 1e3) + "k" : trimmed(value);
  }

  /// A tick label: fixed decimals, or a power of ten or thousands where those would be many.
  public static String tick(double value, int decimals) {
    if (Math.abs(value) >= 1e4) {
      return abbreviated(value);
    }
    if (decimals <= 3 || Math.abs(value) < 1e-12) {
      return Math.abs(value) < 1e-12 ? "0" : fixed(value, decimals);
    }
    int power = (int) Math.floor(Math.log10(Math.abs(value)) + 1e-9);
    return trimmed(value / Math.pow(10, power)) + "e" + power;
  }

  /// Seconds as people say them.
  public static String duration(double seconds) {
    if (!(seconds >= 60)) {
      return fixed(seconds, 1) + " s";
    }
    long whole = Math.round(seconds);
    return whole >= 3600
        ? whole / 3600 + " h " + whole % 3600 / 60 + " min"
        : whole / 60 + " min " + whole % 60 + " s";
  }

  private static String trimmed(double value) {
    return coordinate(value).replace("-", MINUS);
  }
}
