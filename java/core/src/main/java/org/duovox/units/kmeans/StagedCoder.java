package org.duovox.units.kmeans;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import org.duovox.internal.NativeKMeans;
import org.duovox.internal.NativeRows;
import org.duovox.units.StagedCentroids;

/// The coder of k-means: nearest centroids stage by stage. Plain k-means is a single stage.
final class StagedCoder implements Coder {
  private final StagedCentroids centroids;
  private final List<NativeKMeans> stages = new ArrayList<>();
  private final float[][] centers;
  private final NativeRows columns; // One group's share of the columns; null for residuals.

  StagedCoder(StagedCentroids centroids, int batch) {
    this.centroids = centroids;
    this.centers = new float[centroids.stages()][];
    for (int s = 0; s < centers.length; s++) {
      centers[s] = centroids.centers(s);
      NativeKMeans stage =
          new NativeKMeans(centroids.clusters(), centers[s].length / centroids.clusters(), 0);
      stages.add(stage);
      stage.setCentroids(centers[s]);
    }
    boolean product = centroids.kind() == StagedCentroids.Kind.PRODUCT;
    this.columns = product ? new NativeRows(batch, centroids.width() / groups()) : null;
  }

  @Override
  public int groups() {
    return centers.length;
  }

  @Override
  public int radix() {
    return centroids.clusters();
  }

  @Override
  public int width() {
    return centroids.width();
  }

  @Override
  public int[] codes(NativeRows rows, int count, String id, int frame) {
    if (groups() == 1) {
      return stages.getFirst().assign(rows, count);
    }
    int[] all = new int[count * groups()];
    for (int s = 0; s < groups(); s++) {
      int[] codes = stages.get(s).assign(columns == null ? rows : columns(rows, count, s), count);
      for (int i = 0; i < count; i++) {
        all[i * groups() + s] = codes[i];
      }
      if (columns == null && s + 1 < groups()) {
        subtract(rows, codes, centers[s]);
      }
    }
    return all;
  }

  private NativeRows columns(NativeRows rows, int count, int group) {
    copyColumns(
        rows.floats(0, count),
        rows.width(),
        group * columns.width(),
        columns.floats(0, count),
        columns.width());
    return columns;
  }

  /// Copies the columns from `first` on of rows of `width` values into rows as wide as the target.
  static void copyColumns(
      FloatBuffer rows, int width, int first, FloatBuffer target, int targetWidth) {
    int count = rows.limit() / width;
    for (int i = 0; i < count; i++) {
      target.put(i * targetWidth, rows, i * width + first, targetWidth);
    }
  }

  /// Subtracts from each row its centroid.
  static void subtract(NativeRows rows, int[] codes, float[] centers) {
    int width = rows.width();
    FloatBuffer values = rows.floats(0, codes.length);
    float[] row = new float[width];
    for (int i = 0; i < codes.length; i++) {
      values.get(i * width, row);
      for (int j = 0; j < width; j++) {
        row[j] -= centers[codes[i] * width + j];
      }
      values.put(i * width, row);
    }
  }

  @Override
  public void decode(int[] combination, int from, float[] target, int at) {
    centroids.decode(combination, from, target, at);
  }

  @Override
  public void close() {
    stages.forEach(NativeKMeans::close);
    if (columns != null) {
      columns.close();
    }
  }
}
