package org.duovox.recipe;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.duovox.DuovoxException;
import org.duovox.audio.manifest.Manifest;
import org.duovox.audio.manifest.PathRules;
import org.duovox.eval.Distance;
import org.duovox.eval.Pooling;
import org.duovox.eval.Ssimi;
import org.duovox.eval.SsimiResult;
import org.duovox.io.Hashes;
import org.duovox.model.UnitModel;
import org.duovox.model.embed.EmbedConfig;
import org.duovox.model.embed.Embedder;
import org.duovox.model.embed.EmbeddingFiles;
import org.duovox.recipe.Recipe.ModelSystem;
import org.duovox.recipe.Recipe.SsimiConfig;
import org.duovox.recipe.Results.Row;
import org.duovox.recipe.StageCache.Stage;
import org.duovox.train.TrainHost;
import org.duovox.units.corpus.Corpus;

/// Scores a model on word pairs in the ZeroSpeech 2021 semantic layout: quantize with the fold's
/// codebooks, embed, sSIMI.
final class SemanticSet {
  private final Recipe recipe;
  private final SsimiConfig config;
  private final Path root;
  private final Stage features;
  private final StageCache cache;
  private final TrainHost host;
  private final RunListener listener;

  /// @param features of the audio below `root`
  /// @param host of all the run's models
  SemanticSet(
      Recipe recipe,
      Path root,
      Stage features,
      StageCache cache,
      TrainHost host,
      RunListener listener) {
    this.recipe = recipe;
    this.config = recipe.evaluations().ssimi();
    this.root = root;
    this.features = features;
    this.cache = cache;
    this.host = host;
    this.listener = listener;
  }

  /// The audio of the word pairs; ids are `synthetic/NAME` and `librispeech/NAME`.
  ///
  /// @param rules where links below `root` may lead
  static Manifest manifest(Path root, PathRules rules) {
    for (String file : List.of("gold.csv", "pairs.csv")) {
      if (!Files.isRegularFile(root.resolve(file))) {
        throw DuovoxException.missing(
            "evaluations.ssimi.root: %s has no %s; it must have the ZeroSpeech 2021 semantic layout"
                .formatted(root, file));
      }
    }
    return Manifest.read(root, rules);
  }

  /// The words in the units of a fold: quantized with its codebooks.
  Stage words(Fold fold, Stage units) {
    return cache.run(
        "words-" + fold.slug(),
        Map.of("align", recipe.align()),
        List.of(units, features),
        folder ->
            new Quantization(
                    recipe, new FeatureFolders(features.folder()), host.control(), listener)
                .quantize(new Streams(units.folder()), new Streams(folder)));
  }

  /// One row per type and dataset of the pairs.
  List<FoldRows.Scored> score(Fold fold, ModelSystem system, Stage words, Stage pretrained) {
    String name = "ssimi-%s-%s".formatted(fold.slug(), ModelRun.name(system));
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("ssimi", config);
    settings.put("gold", Hashes.sha256(root.resolve("gold.csv")));
    settings.put("pairs", Hashes.sha256(root.resolve("pairs.csv")));
    settings.put("fold", fold.name());
    settings.put("seed", recipe.seed());
    Stage stage =
        cache.run(
            name,
            settings,
            List.of(words, pretrained),
            folder -> evaluate(fold, system, words, pretrained, folder));
    Map<String, PairScores.Group> pairs = PairScores.read(stage.folder()).groups();
    List<FoldRows.Scored> scored = new ArrayList<>();
    for (Row row : Results.read(stage.folder()).results()) {
      scored.add(new FoldRows.Pairs(row, pairs.get(row.dataset())));
    }
    return scored;
  }

  private void evaluate(Fold fold, ModelSystem system, Stage words, Stage pretrained, Path folder) {
    Path submission = folder.resolve("submission");
    EmbedConfig defaults = EmbedConfig.defaults();
    EmbedConfig embed =
        new EmbedConfig(
            config.layer(),
            ModelRun.channel(system, config.channel()),
            defaults.special(),
            defaults.batchSize());
    Corpus corpus = Corpus.open(new Streams(words.folder()).corpus());
    try (UnitModel model = UnitModel.load(pretrained.folder(), host.device())) {
      EmbeddingFiles.writeZeroSpeech(
          new Embedder(model, embed), corpus, submission, done -> RunStopped.check(host.control()));
    }
    SsimiResult result =
        Ssimi.evaluate(
            root.resolve("gold.csv"),
            root.resolve("pairs.csv"),
            submission,
            Distance.of(config.metric()),
            Pooling.of(config.pooling()),
            recipe.seed());
    result.warnings().forEach(listener::remark);
    PairScores.of(result).write(folder);
    Results.of(recipe.name(), rows(fold, system, result)).write(folder);
  }

  private static List<Row> rows(Fold fold, ModelSystem system, SsimiResult result) {
    List<Row> rows = new ArrayList<>();
    result
        .estimates()
        .forEach((group, estimate) ->
            rows.add(
                Row.of(
                    "sSIMI",
                    group,
                    fold.name(),
                    ModelRun.name(system),
                    "100 x Spearman",
                    estimate)));
    return rows;
  }
}
