package org.duovox.recipe;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.duovox.recipe.Recipe.Representation;
import org.duovox.train.log.TrainControl;
import org.duovox.units.FeatureLayer;
import org.duovox.units.StagedCentroids;
import org.duovox.units.StoredFeatures;
import org.duovox.units.UtteranceInfo;
import org.duovox.units.corpus.Corpus;
import org.duovox.units.corpus.CorpusBuilder;
import org.duovox.units.kmeans.KMeansFit;
import org.duovox.units.kmeans.KMeansListener;
import org.duovox.units.kmeans.StagedFit;
import org.duovox.units.kmeans.UnitQuantizer;
import org.duovox.units.sets.Quantizer;
import org.duovox.units.sets.UnitSet;

/// Makes the units of a fold from stored features: fits codebooks on its training utterances,
/// quantizes all utterances with them, aligns and merges.
///
/// @param features folder of the stage with the features
/// @param control once it asks to leave, the work stops between two batches or utterances
record Quantization(Recipe recipe, Path features, TrainControl control, RunListener listener) {
  /// The folders of a fold's units in one folder: `contextual` and `phonetic` (unit sets, each with
  /// its codebook) and `corpus`.
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
  }

  /// Fits both codebooks on the utterances whose fields `training` accepts, then quantizes and
  /// aligns all.
  void fit(Predicate<Map<String, String>> training, Streams target) {
    UnitSet contextual =
        fitOne(
            recipe.representations().contextual(),
            recipe.quantizers().contextual(),
            training,
            target.contextual());
    UnitSet phonetic =
        fitOne(
            recipe.representations().phonetic(),
            recipe.quantizers().phonetic(),
            training,
            target.phonetic());
    align(contextual, phonetic, target);
  }

  /// Quantizes and aligns with the codebooks of `fitted`.
  void quantize(Streams fitted, Streams target) {
    UnitSet contextual =
        quantizeOne(
            recipe.representations().contextual(), fitted.contextual(), target.contextual());
    UnitSet phonetic =
        quantizeOne(recipe.representations().phonetic(), fitted.phonetic(), target.phonetic());
    align(contextual, phonetic, target);
  }

  private void align(UnitSet contextual, UnitSet phonetic, Streams target) {
    Corpus ignored =
        CorpusBuilder.build(
            contextual,
            phonetic,
            recipe.align(),
            target.corpus(),
            done -> RunStopped.check(control));
  }

  private UnitSet fitOne(
      Representation representation,
      QuantizerConfig config,
      Predicate<Map<String, String>> training,
      Path target) {
    Predicate<UtteranceInfo> subset = utterance -> training.test(utterance.fields());
    try (FeatureLayer layer =
        StoredFeatures.open(
            FeatureStage.folder(features, representation), representation.layer())) {
      UnitQuantizer quantizer = fitted(layer, config, subset, target);
      return Quantizer.quantize(
          layer, quantizer, subset, target, done -> RunStopped.check(control));
    }
  }

  private UnitQuantizer fitted(
      FeatureLayer layer, QuantizerConfig config, Predicate<UtteranceInfo> subset, Path target) {
    if (config.method() == QuantizerConfig.Method.CODES) {
      return UnitQuantizer.codes(layer);
    }
    KMeansListener between = progress -> RunStopped.check(control);
    List<String> warnings;
    UnitQuantizer quantizer;
    if (config.levels() == 1 && config.groups() == 1) {
      KMeansFit.Result fit = KMeansFit.fit(layer, config.kmeans(), subset, between);
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
              between);
      warnings = fit.warnings();
      quantizer = fit.quantizer();
    }
    warnings.forEach(warning -> listener.remark(target.getFileName() + " codebook: " + warning));
    return quantizer;
  }

  private UnitSet quantizeOne(Representation representation, Path fitted, Path target) {
    try (FeatureLayer layer =
        StoredFeatures.open(
            FeatureStage.folder(features, representation), representation.layer())) {
      UnitQuantizer quantizer = UnitQuantizer.of(UnitSet.open(fitted).requireCodebook(), layer);
      return Quantizer.quantize(layer, quantizer, target, done -> RunStopped.check(control));
    }
  }
}
