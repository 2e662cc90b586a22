package org.duovox.units.kmeans;

import org.duovox.internal.NativeRows;
import org.duovox.units.StagedCentroids;

/// Turns frames into codes, one per group (a level of residual k-means, a group of columns, a group
/// of a product quantizer), and back into vectors. For one thread.
public interface Coder extends AutoCloseable {

  /// Codes per frame.
  int groups();

  /// Number of codes of a group.
  int radix();

  /// Values of the vector that a combination stands for.
  int width();

  /// Returns the codes (count, groups) of the first `count` rows and may overwrite their values.
  ///
  /// @param id of the utterance, for messages
  /// @param frame index of the first row within the utterance, for messages
  int[] codes(NativeRows rows, int count, String id, int frame);

  /// Writes the vector of a combination into `target` from `at` on.
  void decode(int[] combination, int from, float[] target, int at);

  @Override
  default void close() {}

  /// Returns the coder of a quantizer.
  ///
  /// @param batch most rows of one call
  static Coder of(UnitQuantizer quantizer, int batch) {
    return switch (quantizer) {
      case UnitQuantizer.Plain plain ->
          new StagedCoder(
              new StagedCentroids(
                  StagedCentroids.Kind.RESIDUAL,
                  new float[][] {plain.codebook().centroids()},
                  plain.codebook().clusters()),
              batch);
      case UnitQuantizer.Staged staged -> new StagedCoder(staged.stages(), batch);
      case UnitQuantizer.Codes codes -> new StoredCodes(codes.vectors());
    };
  }
}
