package org.duovox.io;

import java.util.OptionalDouble;
import java.util.regex.Pattern;

/// Parses numbers as people and other tools write them: decimal and finite, such as `-1.5e-3`.
/// Refuses what only Java takes for a number (`1d`, `0x1p3`, ` NaN `).
public final class Decimals {
  private static final Pattern DECIMAL =
      Pattern.compile("[-+]?(?:[0-9]++\\.?[0-9]*+|\\.[0-9]++)(?:[eE][-+]?[0-9]++)?");

  private Decimals() {}

  /// Returns the number; empty for any other text and for numbers beyond the range of doubles.
  public static OptionalDouble parse(String text) {
    double value = DECIMAL.matcher(text).matches() ? Double.parseDouble(text) : Double.NaN;
    return Double.isFinite(value) ? OptionalDouble.of(value) : OptionalDouble.empty();
  }
}
