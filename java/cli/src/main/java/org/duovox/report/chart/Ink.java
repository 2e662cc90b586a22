package org.duovox.report.chart;

import java.util.Locale;

/// A color of a picture that stands alone, each part from 0 to 255.
record Ink(int red, int green, int blue) {
  static final Ink PAPER = new Ink(255, 255, 255);
  static final Ink BLACK = new Ink(28, 33, 38);
  static final Ink QUIET = new Ink(98, 106, 115);
  static final Ink AXIS = new Ink(198, 202, 206);
  static final Ink BORDER = new Ink(70, 78, 86);

  // The colors of the light scheme of report.css, which are those of Okabe and Ito, a little
  // darker.
  static final Ink GRID = new Ink(236, 238, 234);
  static final Ink BASE = new Ink(226, 227, 223);
  static final Ink CELL = new Ink(242, 243, 240);
  static final Ink BLUE = new Ink(0, 114, 178);
  static final Ink ORANGE = new Ink(196, 85, 0);
  static final Ink GREEN = new Ink(0, 132, 106);
  static final Ink PURPLE = new Ink(168, 85, 138);
  static final Ink GRAY = new Ink(91, 101, 112);

  // Neighboring ids get hues that are far apart: multiples of the golden angle.
  private static final double GOLDEN_ANGLE = 137.50776405003785;
  private static final double[] LIGHTNESS = {0.80, 0.72, 0.87};

  /// Returns the color of a unit: equal units look equal, neighboring ones differ in hue and
  /// lightness.
  static Ink ofUnit(int unit) {
    return ofHue(hueOf(unit), 0.55, LIGHTNESS[shadeOf(unit)]);
  }

  /// Returns the hue of a unit, in degrees.
  static double hueOf(int unit) {
    return unit * GOLDEN_ANGLE % 360;
  }

  /// Returns which of three lightnesses a unit has, from 0.
  static int shadeOf(int unit) {
    return Math.floorMod(unit / 3, 3);
  }

  /// Returns this color thinned by the white of the paper.
  ///
  /// @param share of this color, 0 to 1
  Ink thinned(double share) {
    return new Ink(thinned(red, share), thinned(green, share), thinned(blue, share));
  }

  private static int thinned(int part, double share) {
    return (int) Math.round(255 + share * (part - 255));
  }

  /// Returns the color as `#rrggbb`.
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
