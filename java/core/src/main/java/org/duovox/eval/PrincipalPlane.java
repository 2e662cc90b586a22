package org.duovox.eval;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.hipparchus.linear.EigenDecompositionSymmetric;
import org.hipparchus.linear.MatrixUtils;
import org.hipparchus.linear.RealMatrix;
import org.hipparchus.linear.RealVector;

/// Vectors projected to the plane of their largest variance: the first two principal components.
///
/// They are the eigenvectors of the vectors' inner products, which for a few hundred words are
/// fewer than their dimensions; an axis points to where its largest loading is positive.
///
/// @param points (vectors) coordinates, the mean of all at 0
/// @param explained share of the variance in the plane, 0 to 1; NaN where there is none
public record PrincipalPlane(List<Point> points, double explained) {
  /// A projected vector.
  public record Point(double x, double y) {}

  public PrincipalPlane {
    points = List.copyOf(points);
  }

  /// Returns the projections of vectors of equal width.
  public static PrincipalPlane of(List<double[]> vectors) {
    if (vectors.isEmpty()) {
      return new PrincipalPlane(List.of(), Double.NaN);
    }
    RealMatrix rows = centered(vectors); // (vectors, width)
    RealMatrix products = rows.multiplyTransposed(rows);
    EigenDecompositionSymmetric axes = new EigenDecompositionSymmetric(products);
    RealVector x = coordinates(rows, axes, 0);
    RealVector y = coordinates(rows, axes, 1);
    return new PrincipalPlane(
        IntStream.range(0, vectors.size())
            .mapToObj(i -> new Point(x.getEntry(i), y.getEntry(i)))
            .toList(),
        (x.dotProduct(x) + y.dotProduct(y)) / products.getTrace());
  }

  private static RealMatrix centered(List<double[]> vectors) {
    int width = vectors.getFirst().length;
    if (vectors.stream().anyMatch(vector -> vector.length != width)) {
      throw new IllegalArgumentException("vectors differ in width");
    }
    RealMatrix rows = MatrixUtils.createRealMatrix(vectors.toArray(double[][]::new));
    for (int d = 0; d < width; d++) {
      RealVector values = rows.getColumnVector(d);
      double mean = Arrays.stream(values.toArray()).average().orElseThrow();
      rows.setColumnVector(d, values.mapSubtract(mean));
    }
    return rows;
  }

  /// Returns the coordinates of all vectors on an axis; 0 where nothing varies along it.
  private static RealVector coordinates(
      RealMatrix rows, EigenDecompositionSymmetric axes, int axis) {
    double[] variances = axes.getEigenvalues(); // Largest first.
    if (axis >= variances.length || !(variances[axis] > 0)) {
      return MatrixUtils.createRealVector(new double[variances.length]);
    }
    RealVector unit = axes.getEigenvector(axis);
    RealVector loadings = rows.preMultiply(unit);
    boolean turn = loadings.getMaxValue() < -loadings.getMinValue();
    return unit.mapMultiply((turn ? -1 : 1) * Math.sqrt(variances[axis]));
  }
}
