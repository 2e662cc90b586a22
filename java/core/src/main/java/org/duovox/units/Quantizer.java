package org.duovox.units;

import java.nio.file.Path;
import java.util.List;
import java.util.function.IntConsumer;
import org.duovox.DuovoxException;
import org.duovox.internal.NativeKMeans;

/// Turns features into a unit set with a codebook: every frame becomes the code of its nearest
/// centroid.
public final class Quantizer {
  private static final System.Logger LOG = System.getLogger(Quantizer.class.getName());

  private Quantizer() {}

  /// Quantizes all utterances into a unit set at `target`; `done` hears the number of finished
  /// utterances.
  ///
  /// @throws DuovoxException (BAD_DATA) when the codebook was fitted on other features
  public static UnitSet quantize(
      FeatureLayer features, Codebook codebook, Path target, IntConsumer done) {
    requireFit(features, codebook);
    List<UtteranceInfo> utterances = features.utterances();
    try (NativeKMeans kmeans = new NativeKMeans(codebook.clusters(), codebook.width(), 0);
        UnitSetWriter writer = new UnitSetWriter(target, features.stream(), codebook)) {
      kmeans.setCentroids(codebook.centroids());
      for (int i = 0; i < utterances.size(); i++) {
        UtteranceInfo utterance = utterances.get(i);
        float[] frames = features.read(i);
        requireFinite(frames, features.width(), utterance.id());
        int[] units = kmeans.assign(frames);
        writer.add(utterance, units);
        done.accept(i + 1);
      }
      writer.commit();
    }
    return UnitSet.open(target);
  }

  private static void requireFit(FeatureLayer features, Codebook codebook) {
    if (codebook.width() != features.width()) {
      throw DuovoxException.badData(
          "the codebook has vectors of %d values, the features %d; fit one on these features"
              .formatted(codebook.width(), features.width()));
    }
    if (!codebook.stream().hasOrigin()) {
      LOG.log(
          System.Logger.Level.WARNING,
          "the codebook does not say which features it was fitted on; it is used unchecked");
      return;
    }
    if (features.stream().isImported() || codebook.stream().isImported()) {
      LOG.log(
          System.Logger.Level.WARNING,
          "features or codebook were imported: their encoder's weights cannot be compared");
    }
    String difference = codebook.stream().difference(features.stream());
    if (!difference.isEmpty()) {
      throw DuovoxException.badData(
          "the codebook was fitted on other features than these: %s; fit one on these features"
              .formatted(difference));
    }
  }

  static void requireFinite(float[] frames, int width, String id) {
    for (int i = 0; i < frames.length; i++) {
      if (!Float.isFinite(frames[i])) {
        throw DuovoxException.badData(
            "%s: frame %d holds %s; remove the utterance or extract its features again"
                .formatted(id, i / width, frames[i]));
      }
    }
  }
}
