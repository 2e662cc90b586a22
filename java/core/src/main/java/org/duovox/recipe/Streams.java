package org.duovox.recipe;

import java.nio.file.Path;
import java.util.Map;
import java.util.function.Predicate;
import org.duovox.recipe.Recipe.Representation;
import org.duovox.units.Codebook;
import org.duovox.units.Corpus;
import org.duovox.units.CorpusBuilder;
import org.duovox.units.FeatureLayer;
import org.duovox.units.KMeansConfig;
import org.duovox.units.KMeansFit;
import org.duovox.units.KMeansListener;
import org.duovox.units.Quantizer;
import org.duovox.units.StoredFeatures;
import org.duovox.units.UnitSet;

/// The units of one fold: codebooks fitted on its training utterances, all utterances quantized
/// with them, aligned and merged.
///
/// Everything lies in one folder: `contextual` and `phonetic` (unit sets, each with its codebook)
/// and `corpus`.
record Streams(Path folder) {
  Path contextual() {
    return folder.resolve("contextual");
  }

  Path phonetic() {
    return folder.resolve("phonetic");
  }

  Path corpus() {
    return folder.resolve("corpus");
  }

  /// Fits both codebooks on the utterances whose fields `training` accepts, then quantizes and
  /// aligns all.
  void fit(
      Recipe recipe,
      FeatureFolders features,
      Predicate<Map<String, String>> training,
      RunListener listener) {
    UnitSet contextual =
        fitOne(
            recipe.representations().contextual(),
            recipe.quantizers().contextual(),
            features,
            training,
            contextual(),
            listener);
    UnitSet phonetic =
        fitOne(
            recipe.representations().phonetic(),
            recipe.quantizers().phonetic(),
            features,
            training,
            phonetic(),
            listener);
    Corpus ignored =
        CorpusBuilder.build(contextual, phonetic, recipe.align(), corpus(), done -> {});
  }

  /// Quantizes and aligns other features with the codebooks of `fitted`.
  void quantize(Recipe recipe, FeatureFolders features, Streams fitted) {
    UnitSet contextual =
        quantizeOne(
            recipe.representations().contextual(), features, fitted.contextual(), contextual());
    UnitSet phonetic =
        quantizeOne(recipe.representations().phonetic(), features, fitted.phonetic(), phonetic());
    Corpus ignored =
        CorpusBuilder.build(contextual, phonetic, recipe.align(), corpus(), done -> {});
  }

  private static UnitSet fitOne(
      Representation representation,
      KMeansConfig config,
      FeatureFolders features,
      Predicate<Map<String, String>> training,
      Path target,
      RunListener listener) {
    try (FeatureLayer layer =
        StoredFeatures.open(features.folder(representation), representation.layer())) {
      KMeansFit.Result result =
          KMeansFit.fit(
              layer, config, utterance -> training.test(utterance.fields()), KMeansListener.NONE);
      result
          .warnings()
          .forEach(warning -> listener.remark(target.getFileName() + " codebook: " + warning));
      return Quantizer.quantize(layer, result.codebook(), target, done -> {});
    }
  }

  private static UnitSet quantizeOne(
      Representation representation, FeatureFolders features, Path fitted, Path target) {
    Codebook codebook = UnitSet.open(fitted).requireCodebook();
    try (FeatureLayer layer =
        StoredFeatures.open(features.folder(representation), representation.layer())) {
      return Quantizer.quantize(layer, codebook, target, done -> {});
    }
  }
}
