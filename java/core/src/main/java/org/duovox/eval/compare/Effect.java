package org.duovox.eval.compare;

/// A figure over seeds and items with what is known of its error.
///
/// @param value the mean over the seeds of a score, or of a difference of two scores
/// @param standardError of the value, over seeds and items together
/// @param degrees of freedom of Student's t (Satterthwaite)
/// @param low lower end of the 95 % interval
/// @param high upper end of the 95 % interval
/// @param p two-sided probability of such a value if there were none
/// @param detectable the smallest true value that this design would have called different from 0 in
///   80 % of such experiments, at 5 %; NaN where no resample changes the value
/// @param seeds how many trainings of each system
/// @param items how many utterances or words
public record Effect(
    double value,
    double standardError,
    double degrees,
    double low,
    double high,
    double p,
    double detectable,
    int seeds,
    int items) {
  private static final double CERTAIN = 0.975;
  private static final double POWER = 0.8;

  /// Returns the effect of which nothing is known.
  public static Effect undefined(int seeds, int items) {
    double none = Double.NaN;
    return new Effect(none, none, none, none, none, none, none, seeds, items);
  }

  /// Returns the effect of a value with this standard error.
  static Effect of(double value, double error, double degrees, int seeds, int items) {
    if (!(error > 0)) {
      return certain(value, seeds, items);
    }
    double reach = StudentT.quantile(CERTAIN, degrees) * error;
    double detectable = reach + StudentT.quantile(POWER, degrees) * error;
    double p = StudentT.twoSided(value / error, degrees);
    return new Effect(
        value, error, degrees, value - reach, value + reach, p, detectable, seeds, items);
  }

  /// Returns the effect of a value that no resample changes: every item and seed agrees. Its p
  /// value is that of a sign test of the items.
  private static Effect certain(double value, int seeds, int items) {
    double p = value == 0 ? 1 : Math.min(1, 2 * Math.pow(0.5, items));
    return new Effect(
        value, 0, Math.max(1, items - 1.0), value, value, p, Double.NaN, seeds, items);
  }

  /// Returns whether there is a value.
  public boolean isDefined() {
    return !Double.isNaN(value);
  }
}
