package org.duovox.recipe;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.duovox.eval.Pooling;
import org.duovox.recipe.Quantization.Streams;
import org.duovox.recipe.Recipe.Representation;
import org.duovox.recipe.WordsConfig.Setting;
import org.duovox.units.Codebook;
import org.duovox.units.FeatureLayer;
import org.duovox.units.StoredFeatures;
import org.duovox.units.sets.UnitSet;

/// Vectors of spoken words without any model of units: pooled features, or pooled vectors of the
/// codebook. What a language model adds shows against these.
record RawVectors(Recipe recipe, Path features, Path units, Pooling pooling) {
  private static final String PHONETIC = "phonetic";
  private static final String CODEBOOK = "codebook";

  /// What can be pooled.
  static final List<Setting> SETTINGS =
      List.of(
          new Setting("contextual features", 0),
          new Setting("contextual " + CODEBOOK, 0),
          new Setting(PHONETIC + " features", 0),
          new Setting(PHONETIC + " " + CODEBOOK, 0));

  /// Returns the vectors by id of the utterance.
  Map<String, double[]> of(Setting setting) {
    boolean phonetic = setting.channel().startsWith(PHONETIC);
    return setting.channel().endsWith(CODEBOOK)
        ? ofCodebook(phonetic ? new Streams(units).phonetic() : new Streams(units).contextual())
        : ofFeatures(
            phonetic ? recipe.representations().phonetic() : recipe.representations().contextual());
  }

  private Map<String, double[]> ofFeatures(Representation representation) {
    Map<String, double[]> vectors = new HashMap<>();
    try (FeatureLayer layer =
        StoredFeatures.open(
            FeatureStage.folder(features, representation), representation.layer())) {
      for (int u = 0; u < layer.utterances().size(); u++) {
        vectors.put(layer.utterances().get(u).id(), pooled(layer.read(u), layer.width()));
      }
    }
    return vectors;
  }

  private Map<String, double[]> ofCodebook(Path set) {
    UnitSet units = UnitSet.open(set);
    Codebook codebook = units.requireCodebook();
    float[] centroids = codebook.centroids();
    int width = centroids.length / codebook.clusters();
    Map<String, double[]> vectors = new HashMap<>();
    for (int u = 0; u < units.utterances().size(); u++) {
      int[] codes = units.units(u);
      float[] frames = new float[codes.length * width];
      for (int i = 0; i < codes.length; i++) {
        System.arraycopy(centroids, codes[i] * width, frames, i * width, width);
      }
      vectors.put(units.utterances().get(u).id(), pooled(frames, width));
    }
    return vectors;
  }

  private double[] pooled(float[] values, int width) {
    double[][] rows = new double[values.length / width][width];
    for (int i = 0; i < rows.length * width; i++) {
      rows[i / width][i % width] = values[i];
    }
    return pooling.apply(rows);
  }
}
