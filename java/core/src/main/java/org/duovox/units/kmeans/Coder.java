package org.duovox.units.kmeans;

import org.duovox.internal.NativeRows;
import org.duovox.units.StagedCentroids;

/// Codes of frames, one per group (a level of residual k-means, a group of columns, a group of a
/// product quantizer). For one thread.
public interface Coder extends AutoCloseable {

  /// Codes per frame.
  int groups();

  /// Codes that a group may take.
  int radix();

  /// Values of the vector of a combination.
  int width();

  /// Codes (count, groups) of the first `count` rows, whose values may be changed.
  ///
  /// @param id of their utterance, and `frame` the first one's place in it, for messages
  int[] codes(NativeRows rows, int count, String id, int frame);

  /// Puts the vector of a combination into `target` from `at` on.
  void decode(int[] combination, int from, float[] target, int at);

  @Override
  default void close() {}

  /// The coder of a quantizer.
  ///
  /// @param batch most rows that come at once
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
