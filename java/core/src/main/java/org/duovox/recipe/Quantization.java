package org.duovox.recipe;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.duovox.DuovoxException;
import org.duovox.io.atomic.AtomicFiles;
import org.duovox.io.atomic.PendingDirectory;
import org.duovox.recipe.Recipe.Representation;
import org.duovox.recipe.StageCache.Stage;
import org.duovox.recipe.StageName.Type;
import org.duovox.train.log.TrainControl;
import org.duovox.units.FeatureLayer;
import org.duovox.units.StagedCentroids;
import org.duovox.units.StoredFeatures;
import org.duovox.units.UnitStream;
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

  /// Runs the stage with the units of a fold.
  ///
  /// In a store that recipes share, each stream has a stage of its own, which recipes of another
  /// alignment, or of another codebook of the other stream, find there.
  Stage stage(StageCache cache, Fold fold, Stage featureStage) {
    if (!cache.isShared()) {
      Map<String, Object> settings =
          Map.of(
              "representations", recipe.representations(),
              "quantizers", recipe.quantizers(),
              "align", recipe.align(),
              "fold", fold);
      return cache.run(
          StageName.of(Type.UNITS, fold).toString(),
          settings,
          List.of(featureStage),
          folder -> fit(fold.training(), new Streams(folder)));
    }
    Stage contextual = codes(UnitStream.CONTEXTUAL, cache, fold, featureStage);
    Stage phonetic = codes(UnitStream.PHONETIC, cache, fold, featureStage);
    return cache.run(
        StageName.of(Type.UNITS, fold).toString(),
        Map.of("align", recipe.align(), "fold", fold),
        List.of(contextual, phonetic),
        folder -> join(contextual.folder(), phonetic.folder(), new Streams(folder)));
  }

  private Stage codes(UnitStream stream, StageCache cache, Fold fold, Stage featureStage) {
    boolean contextual = stream == UnitStream.CONTEXTUAL;
    Representation representation =
        contextual ? recipe.representations().contextual() : recipe.representations().phonetic();
    QuantizerConfig quantizer =
        contextual ? recipe.quantizers().contextual() : recipe.quantizers().phonetic();
    return cache.run(
        StageName.of(contextual ? Type.CONTEXTUAL_CODES : Type.PHONETIC_CODES, fold).toString(),
        Map.of("representation", representation, "quantizer", quantizer, "fold", fold),
        List.of(featureStage),
        folder -> {
          UnitSet ignored = fitOne(representation, quantizer, fold.training(), folder);
        });
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

  /// Aligns two unit sets that were made before; copies of them come beside the corpus.
  private void join(Path contextual, Path phonetic, Streams target) {
    copy(contextual, target.contextual());
    copy(phonetic, target.phonetic());
    align(UnitSet.open(target.contextual()), UnitSet.open(target.phonetic()), target);
  }

  private static void copy(Path folder, Path target) {
    AtomicFiles.discard(target);
    try (PendingDirectory pending = AtomicFiles.createDirectory(target);
        Stream<Path> files = Files.list(folder)) {
      for (Path file : files.sorted().toList()) {
        Files.copy(file, pending.path().resolve(file.getFileName()));
      }
      pending.commit();
    } catch (IOException e) {
      throw DuovoxException.io("cannot copy " + folder, e);
    }
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
