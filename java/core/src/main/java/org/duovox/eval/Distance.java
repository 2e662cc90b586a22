package org.duovox.eval;

import java.util.Set;
import org.duovox.DuovoxException;

/// Distances between two vectors, as `scipy.spatial.distance.cdist` defines them, in double
/// precision.
///
/// An undefined distance is NaN, as in scipy: `cosine` of a zero vector, `correlation` of a
/// constant one, `braycurtis` of two zero vectors. [SsimiResult#warnings] names the files behind
/// it.
public enum Distance {
  /// 1 - x·y / (‖x‖ ‖y‖), the quotient kept in [-1, 1].
  COSINE,
  /// Square root of the summed squared differences.
  EUCLIDEAN,
  /// Minkowski's distance with scipy's default p = 2, which is the Euclidean one.
  MINKOWSKI,
  /// Sum of absolute differences.
  CITYBLOCK,
  /// Sum of squared differences.
  SQEUCLIDEAN,
  /// Largest absolute difference.
  CHEBYSHEV,
  /// Cosine distance of the vectors less their own means.
  CORRELATION,
  /// Σ|x - y| / Σ|x + y|.
  BRAYCURTIS,
  /// Σ |x - y| / (|x| + |y|), where 0/0 counts 0.
  CANBERRA;

  private static final Set<String> OF_SAMPLES = Set.of("mahalanobis", "seuclidean");
  private static final Set<String> NOT_FOR_REALS =
      Set.of(
          "dice",
          "hamming",
          "jaccard",
          "jensenshannon",
          "kulczynski1",
          "matching",
          "rogerstanimoto",
          "russellrao",
          "sokalmichener",
          "sokalsneath",
          "yule");

  /// Returns the distance of this (lower-case) name.
  ///
  /// @throws DuovoxException of kind BAD_CONFIG with the nearest known name; scipy's other
  ///   distances are refused with the reason
  public static Distance of(String name) {
    if (OF_SAMPLES.contains(name)) {
      throw DuovoxException.config(
          "distance \""
              + name
              + "\" takes variances from the words that are compared, which two words do not have:"
              + " it is constant or undefined");
    }
    if (NOT_FOR_REALS.contains(name)) {
      throw DuovoxException.config(
          "distance \""
              + name
              + "\" is for sets or probabilities, not for vectors of real numbers");
    }
    return Choices.of(Distance.class, "distance", name);
  }

  /// Returns the name in configurations and results.
  public String label() {
    return Choices.label(this);
  }

  /// Returns the distance of two vectors of equal width.
  public double between(double[] x, double[] y) {
    if (x.length != y.length) {
      throw new IllegalArgumentException("widths differ: " + x.length + " and " + y.length);
    }
    return switch (this) {
      case COSINE -> cosine(x, y);
      case EUCLIDEAN, MINKOWSKI -> Math.sqrt(squared(x, y));
      case CITYBLOCK -> absolute(x, y);
      case SQEUCLIDEAN -> squared(x, y);
      case CHEBYSHEV -> largest(x, y);
      case CORRELATION -> cosine(centered(x), centered(y));
      case BRAYCURTIS -> absolute(x, y) / absoluteSum(x, y);
      case CANBERRA -> canberra(x, y);
    };
  }

  private static double cosine(double[] x, double[] y) {
    double xx = 0;
    double yy = 0;
    double xy = 0;
    for (int i = 0; i < x.length; i++) {
      xx += x[i] * x[i];
      yy += y[i] * y[i];
      xy += x[i] * y[i];
    }
    double cosine = xy / (Math.sqrt(xx) * Math.sqrt(yy));
    return 1 - Math.clamp(cosine, -1.0, 1.0);
  }

  private static double[] centered(double[] x) {
    double sum = 0;
    for (double value : x) {
      sum += value;
    }
    double[] result = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      result[i] = x[i] - sum / x.length;
    }
    return result;
  }

  private static double squared(double[] x, double[] y) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += (x[i] - y[i]) * (x[i] - y[i]);
    }
    return sum;
  }

  private static double absolute(double[] x, double[] y) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += Math.abs(x[i] - y[i]);
    }
    return sum;
  }

  private static double absoluteSum(double[] x, double[] y) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += Math.abs(x[i] + y[i]);
    }
    return sum;
  }

  private static double largest(double[] x, double[] y) {
    double largest = 0;
    for (int i = 0; i < x.length; i++) {
      largest = Math.max(largest, Math.abs(x[i] - y[i]));
    }
    return largest;
  }

  private static double canberra(double[] x, double[] y) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      double scale = Math.abs(x[i]) + Math.abs(y[i]);
      sum += scale == 0 ? 0 : Math.abs(x[i] - y[i]) / scale;
    }
    return sum;
  }
}
