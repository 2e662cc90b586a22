package org.duovox.units;

import java.util.Arrays;
import java.util.Optional;
import org.duovox.DuovoxException;
import org.duovox.io.tensors.SafetensorsFile;
import org.duovox.io.tensors.SafetensorsWriter;

/// The centroids of k-means in stages: levels, each on the residuals of the level before, or groups
/// of columns. The codes of all stages together make one unit.
///
/// In files `level_centers`, F32 (levels, K, width), or `group_centers`, F32 (groups, K, width /
/// groups).
public final class StagedCentroids {
  /// The way in which stages divide a vector.
  public enum Kind {
    /// Level l codes the residual of levels 0 to l - 1; a vector is the sum of its centroids.
    RESIDUAL("level_centers"),
    /// Group g codes its share of the columns; a vector is the concatenation of its centroids.
    PRODUCT("group_centers");

    private final String tensor;

    Kind(String tensor) {
      this.tensor = tensor;
    }
  }

  private final Kind kind;
  private final float[][] stages;
  private final int clusters;

  /// @param stages for each stage (clusters, width of the stage) row-major
  public StagedCentroids(Kind kind, float[][] stages, int clusters) {
    this.kind = kind;
    this.stages = Arrays.stream(stages).map(float[]::clone).toArray(float[][]::new);
    this.clusters = clusters;
    JointCodes.requireRange(clusters, stages.length);
  }

  /// Reads the staged centroids of a file; empty when it holds none.
  public static Optional<StagedCentroids> find(SafetensorsFile file) {
    for (Kind kind : Kind.values()) {
      if (file.find(kind.tensor).isPresent()) {
        return Optional.of(read(file, kind));
      }
    }
    return Optional.empty();
  }

  private static StagedCentroids read(SafetensorsFile file, Kind kind) {
    long[] shape = file.require(kind.tensor).shape();
    if (shape.length != 3
        || Arrays.stream(shape).anyMatch(n -> n < 1)
        || shape[0] > 64
        || shape[1] > JointCodes.MAX_UNITS) {
      throw DuovoxException.badData(
          "%s: %s has shape %s, not (stages, clusters, width) with at most 64 stages"
              .formatted(file.path(), kind.tensor, Arrays.toString(shape)));
    }
    float[] values = file.floats(kind.tensor);
    Codebook.requireFinite(values, (int) shape[2], kind.tensor, file.path());
    int size = values.length / (int) shape[0];
    float[][] stages = new float[(int) shape[0]][];
    for (int s = 0; s < stages.length; s++) {
      stages[s] = Arrays.copyOfRange(values, s * size, (s + 1) * size);
    }
    return DuovoxException.within(
        file.path(), () -> new StagedCentroids(kind, stages, (int) shape[1]));
  }

  /// Adds the tensor of all stages to a file.
  public void write(SafetensorsWriter writer) {
    int size = stages[0].length;
    float[] values = new float[stages.length * size];
    for (int s = 0; s < stages.length; s++) {
      System.arraycopy(stages[s], 0, values, s * size, size);
    }
    writer.add(kind.tensor, new long[] {stages.length, clusters, size / clusters}, values);
  }

  public Kind kind() {
    return kind;
  }

  /// Number of stages: levels or groups.
  public int stages() {
    return stages.length;
  }

  /// Clusters of each stage.
  public int clusters() {
    return clusters;
  }

  /// Values of a frame.
  public int width() {
    int width = stages[0].length / clusters;
    return kind == Kind.RESIDUAL ? width : width * stages.length;
  }

  /// A copy of a stage's centroids, (clusters, width of the stage) row-major.
  public float[] centers(int stage) {
    return stages[stage].clone();
  }

  /// Writes the vector that a combination of codes stands for into `target` from `at` on.
  public void decode(int[] combination, int from, float[] target, int at) {
    int part = stages[0].length / clusters;
    Arrays.fill(target, at, at + width(), 0);
    for (int s = 0; s < stages.length; s++) {
      int to = kind == Kind.RESIDUAL ? at : at + s * part;
      for (int j = 0; j < part; j++) {
        target[to + j] += stages[s][combination[from + s] * part + j];
      }
    }
  }
}
