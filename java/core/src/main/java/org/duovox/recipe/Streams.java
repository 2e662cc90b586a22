package org.duovox.recipe;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.duovox.recipe.Recipe.Representation;
import org.duovox.units.Corpus;
import org.duovox.units.CorpusBuilder;
import org.duovox.units.FeatureLayer;
import org.duovox.units.KMeansFit;
import org.duovox.units.KMeansListener;
import org.duovox.units.Quantizer;
import org.duovox.units.StagedCentroids;
import org.duovox.units.StagedFit;
import org.duovox.units.StoredFeatures;
import org.duovox.units.UnitQuantizer;
import org.duovox.units.UnitSet;
import org.duovox.units.UtteranceInfo;

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
      QuantizerConfig config,
      FeatureFolders features,
      Predicate<Map<String, String>> training,
      Path target,
      RunListener listener) {
    Predicate<UtteranceInfo> subset = utterance -> training.test(utterance.fields());
    try (FeatureLayer layer =
        StoredFeatures.open(features.folder(representation), representation.layer())) {
      UnitQuantizer quantizer = fitted(layer, config, subset, target, listener);
      return Quantizer.quantize(layer, quantizer, subset, target, done -> {});
    }
  }

  private static UnitQuantizer fitted(
      FeatureLayer layer,
      QuantizerConfig config,
      Predicate<UtteranceInfo> subset,
      Path target,
      RunListener listener) {
    if (config.method() == QuantizerConfig.Method.CODES) {
      return UnitQuantizer.codes(layer);
    }
    List<String> warnings;
    UnitQuantizer quantizer;
    if (config.levels() == 1 && config.groups() == 1) {
      KMeansFit.Result fit = KMeansFit.fit(layer, config.kmeans(), subset, KMeansListener.NONE);
      warnings = fit.warnings();
      quantizer = UnitQuantizer.of(fit.codebook());
    } else {
      boolean residual = config.levels() > 1;
      StagedFit.Result fit =
          StagedFit.fit(
              layer,
              config.kmeans(),
              residual ? StagedCentroids.Kind.RESIDUAL : StagedCentroids.Kind.PRODUCT,
              Math.max(config.levels(), config.groups()),
              subset,
              KMeansListener.NONE);
      warnings = fit.warnings();
      quantizer = fit.quantizer();
    }
    warnings.forEach(warning -> listener.remark(target.getFileName() + " codebook: " + warning));
    return quantizer;
  }

  private static UnitSet quantizeOne(
      Representation representation, FeatureFolders features, Path fitted, Path target) {
    try (FeatureLayer layer =
        StoredFeatures.open(features.folder(representation), representation.layer())) {
      UnitQuantizer quantizer = UnitQuantizer.of(UnitSet.open(fitted).requireCodebook(), layer);
      return Quantizer.quantize(layer, quantizer, target, done -> {});
    }
  }
}
