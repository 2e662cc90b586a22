package org.duovox.report.chart;

import java.util.ArrayList;
import java.util.List;

/// Maps values to coordinates of a picture, linearly or by logarithm, and chooses round ticks.
///
/// @param low value at `from`
/// @param high value at `to`; above `low`
/// @param from coordinate
/// @param to coordinate
/// @param logarithmic whether equal ratios are equally far apart; then `low` is above 0
record Scale(double low, double high, double from, double to, boolean logarithmic) {
  private static final double LITTLE = 0.2; // Of a step.

  /// Returns a linear scale from exactly `low` to `high`, widened when they are equal or undefined.
  static Scale linear(double low, double high, double from, double to) {
    if (!Double.isFinite(low) || !Double.isFinite(high)) {
      return new Scale(0, 1, from, to, false);
    }
    if (high > low) {
      return new Scale(low, high, from, to, false);
    }
    double half = low == 0 ? 0.5 : Math.abs(low) / 2;
    return new Scale(low - half, low + half, from, to, false);
  }

  /// Returns a linear scale whose ends are round numbers around the values, or a value itself that
  /// passes a round number by little: an interval that reaches 1.01 does not take an axis to 1.2.
  static Scale round(double low, double high, double from, double to, int ticks) {
    Scale exact = linear(low, high, from, to);
    double step = step(exact, ticks);
    return linear(step * end(exact.low / step, -1), step * end(exact.high / step, 1), from, to);
  }

  /// Returns the end of a scale in steps, outward of a value.
  private static double end(double steps, int outward) {
    double inner = outward * Math.floor(outward * steps + 1e-9);
    double passed = Math.abs(steps - inner);
    return passed < 1e-9 ? inner : passed < LITTLE ? steps : inner + outward;
  }

  /// Returns a logarithmic scale of counts, from a little below 1, so that a count of 1 has some
  /// height.
  static Scale counts(long highest, double from, double to) {
    return new Scale(0.7, Math.max(2, 1.1 * highest), from, to, true);
  }

  /// Returns the coordinate of a value.
  double at(double value) {
    double share =
        logarithmic
            ? Math.log(Math.max(value, low) / low) / Math.log(high / low)
            : (value - low) / (high - low);
    return from + share * (to - from);
  }

  /// Returns about so many round values within the scale; powers of ten on a logarithmic one.
  List<Double> ticks(int count) {
    return logarithmic ? powers() : multiples(step(this, count));
  }

  /// Returns the number of decimals that tell the ticks apart.
  int decimals(int count) {
    return (int) Math.max(0, -Math.floor(Math.log10(step(this, count)) + 1e-9));
  }

  private List<Double> multiples(double step) {
    List<Double> ticks = new ArrayList<>();
    for (long i = (long) Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++) {
      ticks.add(i * step);
    }
    return ticks;
  }

  private List<Double> powers() {
    List<Double> ticks = new ArrayList<>();
    for (double power = 1; power <= high; power *= 10) {
      ticks.add(power);
    }
    return ticks;
  }

  private static double step(Scale scale, int count) {
    double rough = (scale.high - scale.low) / count;
    double power = Math.pow(10, Math.floor(Math.log10(rough)));
    for (double factor : new double[] {1, 2, 5}) {
      if (factor * power >= rough * (1 - 1e-9)) {
        return factor * power;
      }
    }
    return 10 * power;
  }
}
