package org.duovox.eval;

import java.util.ArrayList;
import java.util.List;

/// Vectors projected to the plane of their largest variance: the first two principal components.
///
/// Computed by power iteration on the covariance with the first component taken off for the second,
/// from fixed starts, so that equal vectors give equal planes; an axis points to where its largest
/// loading is positive.
///
/// @param points (vectors) coordinates, the mean of all at 0
/// @param explained share of the variance in the plane, 0 to 1; NaN where there is none
public record PrincipalPlane(List<Point> points, double explained) {
  private static final int MOST_ITERATIONS = 1000;
  private static final double CONVERGED = 1e-12;

  /// A projected vector.
  public record Point(double x, double y) {}

  public PrincipalPlane {
    points = List.copyOf(points);
  }

  /// Returns the projections of vectors of equal width.
  public static PrincipalPlane of(List<double[]> vectors) {
    double[][] rows = centered(vectors);
    double total = 0;
    for (double[] row : rows) {
      total += dot(row, row);
    }
    double[] x = scores(rows);
    double[] y = scores(rows); // Of what the first axis left.
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < rows.length; i++) {
      points.add(new Point(x[i], y[i]));
    }
    return new PrincipalPlane(points, (dot(x, x) + dot(y, y)) / total);
  }

  private static double[][] centered(List<double[]> vectors) {
    int width = vectors.isEmpty() ? 0 : vectors.getFirst().length;
    double[] mean = new double[width];
    for (double[] vector : vectors) {
      if (vector.length != width) {
        throw new IllegalArgumentException("widths differ: " + width + " and " + vector.length);
      }
      add(mean, vector, 1.0 / vectors.size());
    }
    double[][] rows = new double[vectors.size()][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = vectors.get(i).clone();
      add(rows[i], mean, -1);
    }
    return rows;
  }

  /// Returns the coordinates on the axis of largest variance, and takes that axis off the rows.
  private static double[] scores(double[][] rows) {
    double[] axis = axis(rows);
    double[] scores = new double[rows.length];
    for (int i = 0; i < rows.length; i++) {
      scores[i] = dot(rows[i], axis);
      add(rows[i], axis, -scores[i]);
    }
    return scores;
  }

  private static double[] axis(double[][] rows) {
    double[] axis = longest(rows);
    if (!normalize(axis)) {
      return axis; // Nothing varies.
    }
    for (int iteration = 0; iteration < MOST_ITERATIONS; iteration++) {
      double[] next = new double[axis.length];
      for (double[] row : rows) {
        add(next, row, dot(row, axis));
      }
      if (!normalize(next)) {
        return axis;
      }
      double agreement = Math.abs(dot(next, axis));
      axis = next;
      if (1 - agreement < CONVERGED) {
        break;
      }
    }
    orient(axis);
    return axis;
  }

  /// Returns a copy of the longest row, which is never orthogonal to all axes with variance.
  private static double[] longest(double[][] rows) {
    double[] longest = new double[rows.length == 0 ? 0 : rows[0].length];
    for (double[] row : rows) {
      longest = dot(row, row) > dot(longest, longest) ? row : longest;
    }
    return longest.clone();
  }

  private static void orient(double[] axis) {
    double largest = 0;
    for (double loading : axis) {
      largest = Math.abs(loading) > Math.abs(largest) ? loading : largest;
    }
    if (largest < 0) {
      for (int i = 0; i < axis.length; i++) {
        axis[i] = -axis[i];
      }
    }
  }

  private static boolean normalize(double[] vector) {
    double norm = Math.sqrt(dot(vector, vector));
    if (!(norm > 0)) {
      return false;
    }
    for (int i = 0; i < vector.length; i++) {
      vector[i] /= norm;
    }
    return true;
  }

  private static void add(double[] sum, double[] vector, double weight) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += weight * vector[i];
    }
  }

  private static double dot(double[] x, double[] y) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += x[i] * y[i];
    }
    return sum;
  }
}
