package org.duovox.report.chart;

import java.util.List;

/// Orders and colors the compared systems; colors are those of the palette of Okabe and Ito.
public final class Systems {
  private static final List<String> KNOWN = List.of("dual", "contextual", "phonetic", "joint");
  private static final List<Ink> INKS =
      List.of(Ink.BLUE, Ink.ORANGE, Ink.GREEN, Ink.PURPLE, Ink.GRAY);

  private Systems() {}

  /// Returns the position in tables and charts; unknown systems come last.
  public static int order(String system) {
    int index = KNOWN.indexOf(first(system));
    return index < 0 ? KNOWN.size() : index;
  }

  /// Returns the class of the style sheet that colors a system.
  public static String style(String system) {
    return KNOWN.contains(first(system)) ? "system-" + first(system) : "system-other";
  }

  /// Returns whether a label is, or begins with, a system that has a color of its own.
  public static boolean isKnown(String label) {
    return KNOWN.contains(first(label));
  }

  /// Returns the system of a label such as `dual, steps 25`.
  private static String first(String label) {
    int comma = label.indexOf(',');
    return comma < 0 ? label : label.substring(0, comma);
  }

  /// Returns the color of a system in a picture that stands alone.
  static Ink ink(String system) {
    return INKS.get(order(system));
  }
}
