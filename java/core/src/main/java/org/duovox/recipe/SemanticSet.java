package org.duovox.recipe;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.duovox.DuovoxException;
import org.duovox.audio.manifest.Manifest;
import org.duovox.audio.manifest.PathRules;
import org.duovox.audio.manifest.Utterance;
import org.duovox.eval.Centering;
import org.duovox.eval.Distance;
import org.duovox.eval.PairLinks;
import org.duovox.eval.PooledTokens;
import org.duovox.eval.Pooling;
import org.duovox.eval.Ssimi;
import org.duovox.eval.SsimiData;
import org.duovox.eval.SsimiData.Token;
import org.duovox.eval.SsimiResult;
import org.duovox.io.FolderAccess;
import org.duovox.io.Hashes;
import org.duovox.io.atomic.AtomicFiles;
import org.duovox.io.json.Json;
import org.duovox.model.UnitModel;
import org.duovox.model.embed.EmbedConfig;
import org.duovox.model.embed.Embedder;
import org.duovox.model.embed.EmbeddingFiles;
import org.duovox.recipe.Quantization.Streams;
import org.duovox.recipe.Recipe.ModelSystem;
import org.duovox.recipe.Recipe.SsimiConfig;
import org.duovox.recipe.Results.Row;
import org.duovox.recipe.StageCache.Stage;
import org.duovox.recipe.StageName.Type;
import org.duovox.train.TrainHost;
import org.duovox.units.corpus.Corpus;

/// Scores the models of a fold by sSIMI on word pairs in the ZeroSpeech 2021 semantic layout:
/// quantizes the words with the fold's codebooks, embeds them and compares distances.
final class SemanticSet {
  private static final String AREA = "AUC";

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

  /// Reads the audio of the word pairs; ids are `synthetic/NAME` and `librispeech/NAME`.
  ///
  /// @param rules where links below `root` may lead
  static Manifest manifest(Path root, PathRules rules) {
    for (String file : List.of("gold.csv", "pairs.csv")) {
      if (!Files.isRegularFile(root.resolve(file))) {
        FolderAccess.requireOpen(root.resolve(file));
        throw DuovoxException.missing(
            "%s has no %s; it must have the ZeroSpeech 2021 semantic layout".formatted(root, file));
      }
    }
    Manifest audio = Manifest.read(root, rules);
    requireSpoken(root, audio);
    return audio;
  }

  /// Refuses words without a recording, which would be missed only when a trained model is scored.
  private static void requireSpoken(Path root, Manifest audio) {
    Path gold = root.resolve("gold.csv");
    SsimiData data = SsimiData.read(gold, root.resolve("pairs.csv"));
    Set<String> spoken = audio.utterances().stream().map(Utterance::id).collect(Collectors.toSet());
    List<String> silent =
        data.tokens().stream().map(Token::label).filter(label -> !spoken.contains(label)).toList();
    if (!silent.isEmpty()) {
      throw DuovoxException.missing(
          "%s: %d of %d words have no recording below %s, the first is %s; add the audio, or take them out of both tables"
              .formatted(gold, silent.size(), data.tokens().size(), root, silent.getFirst()));
    }
  }

  /// Runs the stage that quantizes the words with the codebooks of a fold.
  Stage words(Fold fold, Stage units) {
    return cache.run(
        StageName.of(Type.WORDS, fold).toString(),
        Map.of("align", recipe.align()),
        List.of(units, features),
        folder ->
            new Quantization(recipe, features.folder(), host.control(), listener)
                .quantize(new Streams(units.folder()), new Streams(folder)));
  }

  /// Runs the stage that scores a model; returns one row per type and dataset of the pairs.
  List<FoldRows.Scored> score(Fold fold, ModelSystem system, Stage words, Stage pretrained) {
    String name = StageName.of(Type.SSIMI, fold, system).toString();
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
    Map<String, PairGroup> pairs = PairScores.read(stage.folder()).groups();
    List<FoldRows.Scored> scored = new ArrayList<>();
    for (Row row : Results.read(stage.folder()).results()) {
      PairGroup group = pairs.get(row.dataset());
      scored.add(
          row.metric().equals(AREA)
              ? new FoldRows.Areas(row, group, config.sameClass())
              : new FoldRows.Pairs(row, group));
    }
    return scored;
  }

  private void evaluate(Fold fold, ModelSystem system, Stage words, Stage pretrained, Path folder) {
    SsimiData data = SsimiData.read(root.resolve("gold.csv"), root.resolve("pairs.csv"));
    Corpus corpus = Corpus.open(new Streams(words.folder()).corpus());
    Path submission = folder.resolve("submission");
    SsimiResult result;
    try (UnitModel model = UnitModel.load(pretrained.folder(), host.device())) {
      Embedder embedder = new Embedder(model, embedding(system));
      Pooling pooling = Pooling.of(config.pooling());
      Map<String, double[]> vectors = embed(embedder, corpus, submission, pooling, data);
      PooledTokens pooled = PooledTokens.of(data.tokens(), pooling, vectors, submission);
      result =
          Ssimi.evaluate(
              PairLinks.of(data),
              pooled,
              new Ssimi.Options(
                  Distance.of(config.metric()),
                  Centering.of(config.center()),
                  config.sameClass(),
                  recipe.seed()));
    }
    result.warnings().forEach(listener::remark);
    PairScores.of(result).write(folder);
    Results.of(recipe.name(), rows(fold, system, result)).write(folder);
  }

  private EmbedConfig embedding(ModelSystem system) {
    EmbedConfig defaults = EmbedConfig.defaults();
    return new EmbedConfig(
        config.layer(),
        system.channel(config.channel()),
        defaults.special(),
        defaults.batchSize(),
        config.average());
  }

  /// Writes the submission folder and returns the vectors of the words in the gold list by
  /// `type/filename`.
  private Map<String, double[]> embed(
      Embedder embedder, Corpus corpus, Path submission, Pooling pooling, SsimiData data) {
    Set<String> wanted = data.tokens().stream().map(Token::label).collect(Collectors.toSet());
    Map<String, double[]> vectors = new HashMap<>();
    EmbeddingFiles.writeZeroSpeech(
        embedder,
        corpus,
        submission,
        done -> {
          RunStopped.check(host.control());
          if (wanted.contains(done.id())) {
            vectors.put(done.id(), pooling.apply(EmbeddingFiles.asRead(done, submission)));
          }
        });
    return vectors;
  }

  private static List<Row> rows(Fold fold, ModelSystem system, SsimiResult result) {
    List<Row> rows = new ArrayList<>();
    result
        .estimates()
        .forEach((group, estimate) ->
            rows.add(
                Row.of("sSIMI", group, fold.name(), system.label(), "100 x Spearman", estimate)));
    result
        .areas()
        .forEach((group, estimate) ->
            rows.add(Row.of("same class", group, fold.name(), system.label(), AREA, estimate)));
    return rows;
  }

  /// The distances of every pair of words, as `pairs.json` holds them. Every fold scores the same
  /// pairs in the same order.
  ///
  /// @param groups by `type/dataset`
  record PairScores(Map<String, PairGroup> groups) {
    private static final String FILE = "pairs.json";

    static PairScores of(SsimiResult result) {
      Map<String, PairGroup> groups = new LinkedHashMap<>();
      for (SsimiResult.PairScore pair : result.pairs()) {
        PairGroup group =
            groups.computeIfAbsent(
                pair.type() + "/" + pair.dataset(),
                name -> new PairGroup(new ArrayList<>(), new ArrayList<>()));
        group.human().add(pair.human());
        group.distances().add(pair.score());
      }
      return new PairScores(groups);
    }

    void write(Path folder) {
      AtomicFiles.write(folder.resolve(FILE), Json.pretty(this));
    }

    static PairScores read(Path folder) {
      return Json.read(folder.resolve(FILE), PairScores.class);
    }
  }

  /// The pairs of one type and dataset.
  ///
  /// @param human (pairs) judgments
  /// @param distances (pairs); null where undefined
  record PairGroup(List<Double> human, List<Double> distances) {
    double[] judgments() {
      return values(human);
    }

    double[] measured() {
      return values(distances);
    }

    private static double[] values(List<Double> list) {
      return list.stream().mapToDouble(value -> value == null ? Double.NaN : value).toArray();
    }
  }
}
