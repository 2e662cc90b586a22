package org.duovox.io;

import java.util.OptionalDouble;
import java.util.regex.Pattern;

/// Numbers in texts that people and other tools write: decimal and finite, as `-1.5e-3`; not what
/// Java alone reads as one (`1d`, `0x1p3`, ` NaN `).
public final class Decimals {
  private static final Pattern DECIMAL =
      Pattern.compile("[-+]?(?:[0-9]++\\.?[0-9]*+|\\.[0-9]++)(?:[eE][-+]?[0-9]++)?");

  private Decimals() {}

  /// The number that a text is; empty for any other text, and beyond the range of doubles.
  public static OptionalDouble parse(String text) {
    double value = DECIMAL.matcher(text).matches() ? Double.parseDouble(text) : Double.NaN;
    return Double.isFinite(value) ? OptionalDouble.of(value) : OptionalDouble.empty();
  }
}
