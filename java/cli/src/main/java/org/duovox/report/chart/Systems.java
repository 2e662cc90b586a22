package org.duovox.report.chart;

import java.util.List;

/// The order and the colors of the compared systems; colors are those of the palette of Okabe and
/// Ito.
public final class Systems {
  private static final List<String> KNOWN = List.of("dual", "contextual", "phonetic", "joint");

  private Systems() {}

  /// Position in tables and charts; unknown systems come last.
  public static int order(String system) {
    int index = KNOWN.indexOf(system);
    return index < 0 ? KNOWN.size() : index;
  }

  /// The CSS class that colors a system.
  public static String style(String system) {
    return KNOWN.contains(system) ? "system-" + system : "system-other";
  }

  /// A name cut to a number of characters.
  static String shortened(String name, int length) {
    int count = name.codePointCount(0, name.length());
    return count <= length
        ? name
        : name.substring(0, name.offsetByCodePoints(0, length - 1)) + "\u2026";
  }
}
