package org.duovox.recipe;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.duovox.DuovoxException;
import org.duovox.audio.manifest.Manifest;
import org.duovox.eval.Distance;
import org.duovox.eval.Pooling;
import org.duovox.eval.SsimiData;
import org.duovox.eval.compare.PairScore.Statistic;
import org.duovox.eval.compare.WordDistances;
import org.duovox.eval.compare.WordPairs;
import org.duovox.io.Hashes;
import org.duovox.io.atomic.AtomicFiles;
import org.duovox.io.atomic.PendingDirectory;
import org.duovox.io.json.Json;
import org.duovox.io.tensors.Safetensors;
import org.duovox.io.tensors.SafetensorsWriter;
import org.duovox.model.ModelFiles;
import org.duovox.model.UnitModel;
import org.duovox.model.embed.EmbedConfig;
import org.duovox.model.embed.EmbedConfig.Channel;
import org.duovox.model.embed.Embedder;
import org.duovox.model.embed.Embedder.Embedding;
import org.duovox.recipe.Quantization.Streams;
import org.duovox.recipe.Recipe.ModelSystem;
import org.duovox.recipe.StageCache.Stage;
import org.duovox.recipe.StageName.Type;
import org.duovox.recipe.WordsConfig.Setting;
import org.duovox.train.TrainHost;
import org.duovox.units.corpus.Corpus;
import org.duovox.units.corpus.WordCorpus;

/// Scores what a system makes of spoken words: every layer and channel on the words of dev, then
/// one of them on those of test, where there are any.
final class WordMeaning {
  private static final int BATCH = 16;

  private final Recipe recipe;
  private final WordsConfig config;
  private final Part dev;
  private final Part last;
  private final StageCache cache;
  private final TrainHost host;
  private final RunListener listener;

  /// The words of dev or test.
  ///
  /// @param name `dev` or `test`
  /// @param features of their audio
  private record Part(String name, Path root, SsimiData data, Stage features, Type units) {}

  /// The spoken words of dev or test, with the pairs that they are compared in.
  ///
  /// @param content hash of the audio
  record SpokenWords(Manifest manifest, SsimiData data, String content) {
    /// Reads a folder with `gold.csv`, `pairs.csv` and audio.
    ///
    /// @throws DuovoxException (MISSING_INPUT, BAD_DATA) with the place of what is wrong
    static SpokenWords read(Path folder, DataConfig data) {
      Manifest words = WordMeaning.manifest(folder, data);
      SsimiData pairs = SsimiData.read(folder.resolve("gold.csv"), folder.resolve("pairs.csv"));
      return new SpokenWords(words, pairs, DataSet.hash(words.utterances()));
    }
  }

  /// What was found on dev.
  ///
  /// @param auc area under the ROC curve, by group of pairs; null where undefined
  /// @param spearman 100 x Spearman, by group of pairs; null where undefined
  record Tried(Setting setting, Map<String, Double> auc, Map<String, Double> spearman) {}

  /// `scores.json` of the stage with the dev scores.
  record DevScores(List<Tried> tried) {
    private static final String FILE = "scores.json";

    static DevScores read(Path folder) {
      return Json.read(folder.resolve(FILE), DevScores.class);
    }
  }

  /// Reads both parts and extracts the features of their audio.
  WordMeaning(
      Recipe recipe,
      FeatureStage extraction,
      StageCache cache,
      TrainHost host,
      RunListener listener) {
    this.recipe = recipe;
    this.config = recipe.evaluations().words();
    this.cache = cache;
    this.host = host;
    this.listener = listener;
    Path root = Path.of(config.root());
    this.dev = part("dev", root, extraction, Type.DEV_FEATURES, Type.DEV_UNITS);
    this.last =
        config.hasTest()
            ? part("test", root, extraction, Type.TEST_FEATURES, Type.TEST_UNITS)
            : dev;
  }

  private Part part(String name, Path root, FeatureStage extraction, Type features, Type units) {
    Path folder = root.resolve(name);
    SpokenWords words = cache.words(folder, recipe.data());
    Stage stage = extraction.run(StageName.of(features), words.manifest(), words.content());
    return new Part(name, folder, words.data(), stage, units);
  }

  static Manifest manifest(Path folder, DataConfig data) {
    return DuovoxException.within(
        "evaluations.words.root", () -> SemanticSet.manifest(folder, data.rules()));
  }

  /// Returns the part that is scored last: `test`, or `dev` where there is no test.
  String lastPart() {
    return last.name();
  }

  /// Scores all settings of a system on dev.
  ///
  /// @param pretrained null for `raw`
  DevScores tryAll(Fold fold, ModelSystem system, Stage units, Stage pretrained) {
    Stage words = words(dev, fold, units);
    Stage stage =
        cache.run(
            StageName.of(Type.DEV_SCORES, fold, system).toString(),
            settings(dev, fold),
            inputs(dev, words, pretrained),
            folder -> writeDev(system, words, pretrained, folder));
    return DevScores.read(stage.folder());
  }

  private void writeDev(ModelSystem system, Stage words, Stage pretrained, Path folder) {
    int depth = pretrained == null ? 0 : ModelFiles.card(pretrained.folder()).model().layers();
    List<Tried> tried = new ArrayList<>();
    for (Setting setting : config.settings(system, depth)) {
      RunStopped.check(host.control());
      WordPairs pairs =
          WordPairs.of(
              dev.data(),
              distances(dev, words, pretrained, setting).of(Distance.of(config.metric())));
      tried.add(
          new Tried(setting, values(pairs, Statistic.AUC), values(pairs, Statistic.SPEARMAN)));
    }
    AtomicFiles.write(folder.resolve(DevScores.FILE), Json.pretty(new DevScores(tried)));
  }

  private Map<String, Double> values(WordPairs pairs, Statistic statistic) {
    Map<String, Double> values = new LinkedHashMap<>();
    pairs
        .scores(statistic, config.similar())
        .forEach((group, score) -> {
          double value = score.value();
          values.put(group, Double.isFinite(value) ? value : null);
        });
    return values;
  }

  /// Scores one setting on test (or dev, where there is no test) and returns the stage, which holds
  /// `pairs.csv` and `words.safetensors`, the mean vector of every word.
  Stage score(Fold fold, ModelSystem system, Stage units, Stage pretrained, Setting setting) {
    Stage words = words(last, fold, units);
    Map<String, Object> settings = settings(last, fold);
    settings.put("setting", setting);
    return cache.run(
        StageName.of(Type.WORD_SCORES, fold, system).toString(),
        settings,
        inputs(last, words, pretrained),
        folder -> write(distances(last, words, pretrained, setting), folder));
  }

  private void write(WordDistances distances, Path folder) {
    WordPairs pairs = WordPairs.of(last.data(), distances.of(Distance.of(config.metric())));
    if (pairs.rows().stream().anyMatch(row -> Double.isNaN(row.distance()))) {
      listener.remark("some words have no direction, so that scores of them are undefined");
    }
    AtomicFiles.discard(folder);
    try (PendingDirectory pending = AtomicFiles.createDirectory(folder)) {
      AtomicFiles.write(pending.path().resolve(WordPairs.FILE), pairs.csv());
      Path vectors = pending.path().resolve("words.safetensors");
      try (SafetensorsWriter writer = Safetensors.create(vectors, Map.of())) {
        distances.means().forEach((word, mean) -> writer.add(word, shape(mean), floats(mean)));
        writer.commit();
      }
      pending.commit();
    }
  }

  private static long[] shape(double... vector) {
    return new long[] {vector.length};
  }

  private static float[] floats(double... vector) {
    float[] values = new float[vector.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) vector[i];
    }
    return values;
  }

  private Map<String, Object> settings(Part part, Fold fold) {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("words", config.withRoot(""));
    settings.put("gold", Hashes.sha256(part.root().resolve("gold.csv")));
    settings.put("pairs", Hashes.sha256(part.root().resolve("pairs.csv")));
    settings.put("fold", fold.name());
    return settings;
  }

  private static List<Stage> inputs(Part part, Stage words, Stage pretrained) {
    return pretrained == null ? List.of(words, part.features()) : List.of(words, pretrained);
  }

  /// Runs the stage that quantizes the words of a part with the codebooks of a fold.
  private Stage words(Part part, Fold fold, Stage units) {
    return cache.run(
        StageName.of(part.units(), fold).toString(),
        Map.of("align", recipe.align()),
        List.of(units, part.features()),
        folder ->
            new Quantization(recipe, part.features().folder(), host.control(), listener)
                .quantize(new Streams(units.folder()), new Streams(folder)));
  }

  private WordDistances distances(Part part, Stage words, Stage pretrained, Setting setting) {
    Pooling pooling = Pooling.of(config.pooling());
    Map<String, double[]> vectors =
        pretrained == null
            ? new RawVectors(recipe, part.features().folder(), words.folder(), pooling).of(setting)
            : states(corpus(part, words, pretrained), pretrained, setting, pooling);
    return new WordDistances(part.data(), vectors, config.centered());
  }

  /// Returns the words of a part as a model reads them.
  private static Corpus corpus(Part part, Stage words, Stage pretrained) {
    Map<String, String> texts = new LinkedHashMap<>();
    part.data().tokens().forEach(token -> texts.put(token.label(), token.word()));
    return WordCorpus.beside(pretrained.folder())
        .map(vocabulary -> vocabulary.corpus(texts))
        .orElseGet(() -> Corpus.open(new Streams(words.folder()).corpus()));
  }

  private Map<String, double[]> states(
      Corpus corpus, Stage pretrained, Setting setting, Pooling pooling) {
    Channel channel = Channel.valueOf(setting.channel().toUpperCase(Locale.ROOT));
    Map<String, double[]> vectors = new HashMap<>();
    try (UnitModel model = UnitModel.load(pretrained.folder(), host.device())) {
      new Embedder(model, new EmbedConfig(setting.layer(), channel, false, BATCH))
          .embed(corpus, states -> vectors.put(states.id(), pooling.apply(rows(states))));
    }
    return vectors;
  }

  private static double[][] rows(Embedding states) {
    double[][] rows = new double[states.rows()][states.width()];
    for (int i = 0; i < states.values().length; i++) {
      rows[i / states.width()][i % states.width()] = states.values()[i];
    }
    return rows;
  }
}
