package org.duovox.eval.compare;

/// Student's t distribution, for intervals and p values of few seeds; Hipparchus is the oracle of
/// the tests (docs/adr/0010).
final class StudentT {
  private static final int MOST_TERMS = 500;
  private static final int HALVINGS = 200;
  private static final double TINY = 1e-300;
  private static final double EPSILON = 1e-15;
  // Lanczos's approximation of the gamma function, g = 7, n = 9 (Godfrey).
  private static final double[] LANCZOS = {
    0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313,
    -176.61502916214059, 12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6,
    1.5056327351493116e-7
  };

  private StudentT() {}

  /// Returns the probability of a value beyond t on either side.
  static double twoSided(double t, double degrees) {
    return incompleteBeta(degrees / (degrees + t * t), degrees / 2, 0.5);
  }

  /// Returns the value below which the share `probability` (0.5 to below 1) lies.
  static double quantile(double probability, double degrees) {
    double low = 0;
    double high = 1;
    while (1 - twoSided(high, degrees) / 2 < probability) {
      high *= 2;
    }
    for (int i = 0; i < HALVINGS && high - low > EPSILON * high; i++) {
      double middle = (low + high) / 2;
      if (1 - twoSided(middle, degrees) / 2 < probability) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return (low + high) / 2;
  }

  /// Returns the regularized incomplete beta function, by its continued fraction (Abramowitz and
  /// Stegun 26.5.8) in Lentz's form.
  private static double incompleteBeta(double x, double a, double b) {
    if (x <= 0 || x >= 1) {
      return x <= 0 ? 0 : 1;
    }
    if (x > (a + 1) / (a + b + 2)) {
      return 1 - incompleteBeta(1 - x, b, a);
    }
    double front =
        Math.exp(
            logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x));
    return front * fraction(x, a, b) / a;
  }

  private static double fraction(double x, double a, double b) {
    double c = 1;
    double d = 1 / nonZero(1 - (a + b) * x / (a + 1));
    double result = d;
    for (int m = 1; m <= MOST_TERMS; m++) {
      double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
      d = 1 / nonZero(1 + even * d);
      c = nonZero(1 + even / c);
      result *= d * c;
      double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
      d = 1 / nonZero(1 + odd * d);
      c = nonZero(1 + odd / c);
      result *= d * c;
      if (Math.abs(d * c - 1) < EPSILON) {
        break;
      }
    }
    return result;
  }

  private static double nonZero(double value) {
    return Math.abs(value) < TINY ? TINY : value;
  }

  private static double logGamma(double x) {
    double sum = LANCZOS[0];
    for (int i = 1; i < LANCZOS.length; i++) {
      sum += LANCZOS[i] / (x - 1 + i);
    }
    double t = x + 6.5;
    return (x - 0.5) * Math.log(t) - t + 0.5 * Math.log(2 * Math.PI) + Math.log(sum);
  }
}
