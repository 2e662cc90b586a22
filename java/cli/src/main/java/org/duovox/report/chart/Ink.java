package org.duovox.report.chart;

import java.util.Locale;

/// A color of a standalone picture, each part from 0 to 255.
record Ink(int red, int green, int blue) {
  static final Ink PAPER = new Ink(255, 255, 255);
  static final Ink BLACK = new Ink(28, 33, 38);
  static final Ink QUIET = new Ink(98, 106, 115);
  static final Ink LINE = new Ink(198, 202, 206);
  static final Ink STRONG = new Ink(70, 78, 86);
  static final Ink EDGE = new Ink(196, 85, 0);

  // Neighbouring ids get hues that are far apart: multiples of the golden angle.
  private static final double GOLDEN_ANGLE = 137.50776405003785;
  private static final double[] LIGHTNESS = {0.80, 0.72, 0.87};

  /// The color of a unit: equal units look equal, neighbouring ones differ in hue and lightness.
  static Ink ofUnit(int unit) {
    return ofHue(unit * GOLDEN_ANGLE % 360, 0.55, LIGHTNESS[Math.floorMod(unit / 3, 3)]);
  }

  String css() {
    return String.format(Locale.ROOT, "#%02x%02x%02x", red, green, blue);
  }

  private static Ink ofHue(double hue, double saturation, double lightness) {
    double chroma = saturation * Math.min(lightness, 1 - lightness);
    return new Ink(
        part(0, hue, chroma, lightness),
        part(8, hue, chroma, lightness),
        part(4, hue, chroma, lightness));
  }

  private static int part(int n, double hue, double chroma, double lightness) {
    double k = (n + hue / 30) % 12;
    double value = lightness - chroma * Math.max(-1, Math.min(Math.min(k - 3, 9 - k), 1));
    return (int) Math.round(255 * value);
  }
}
