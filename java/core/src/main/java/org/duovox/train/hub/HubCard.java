package org.duovox.train.hub;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.duovox.io.json.Json;
import org.duovox.model.ModelCard;
import org.duovox.model.ModelConfig;
import org.duovox.train.log.TrainLine;
import org.duovox.train.log.TrainLine.Kind;
import org.duovox.train.run.RunFolder;
import org.duovox.train.watch.UnitPredictors.Accuracies;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// Writes the model card of an exported model: Markdown with YAML front matter, from the files of
/// its run. The card says so where something is not known.
final class HubCard {
  private final ModelCard card;
  private final long parameters;
  private final String name;
  private final String license;
  private final JsonNode settings;
  private final Optional<TrainLine> validation;
  private final Optional<Accuracies> predictors;

  HubCard(ModelCard card, long parameters, Path run, String name, String license) {
    this.card = card;
    this.parameters = parameters;
    this.name = name;
    this.license = license;
    Path file = run.resolve(RunFolder.SETTINGS);
    this.settings = Files.isRegularFile(file) ? Json.tree(file) : Json.convert(Map.of());
    this.validation = validation(run);
    Path accuracies = run.resolve(Accuracies.FILE);
    this.predictors =
        Files.isRegularFile(accuracies)
            ? Optional.of(Json.read(accuracies, Accuracies.class))
            : Optional.empty();
  }

  String text() {
    List<String> sections = new ArrayList<>();
    sections.add("---\n" + frontMatter() + "---\n");
    sections.add("# " + markdown(name) + "\n");
    sections.add(introduction());
    sections.add("## Units\n\n" + units());
    sections.add("## Architecture\n\n" + table(architecture()));
    sections.add("## Training\n\n" + training());
    sections.add("## Evaluation\n\n" + evaluation());
    sections.add("## Use\n\n" + use());
    sections.add("## Limits\n\n" + limits());
    return String.join("\n", sections);
  }

  /// Returns the validation of the model in the folder: that of its step, else the last.
  private static Optional<TrainLine> validation(Path run) {
    if (!Files.isRegularFile(run.resolve(RunFolder.METRICS))) {
      return Optional.empty();
    }
    Path result = run.resolve(RunFolder.RESULT);
    long step = Files.isRegularFile(result) ? Json.tree(result).path("model_step").asLong(-1) : -1;
    List<TrainLine> lines =
        RunFolder.metrics(run).stream().filter(line -> line.kind() == Kind.VALIDATION).toList();
    Optional<TrainLine> exact = lines.stream().filter(line -> line.step() == step).findFirst();
    return exact.isPresent() || step >= 0
        ? exact
        : lines.stream().max(Comparator.comparingLong(TrainLine::step));
  }

  private String frontMatter() {
    Map<String, Object> front = new LinkedHashMap<>();
    front.put("license", license);
    front.put("library_name", "duovox");
    front.put("pipeline_tag", "feature-extraction");
    front.put("tags", List.of("duovox", "speech", "unit-language-model", "textless"));
    validation
        .filter(line -> Double.isFinite(line.accuracy()))
        .ifPresent(line -> {
          front.put("metrics", List.of("accuracy"));
          front.put("model-index", List.of(modelIndex(line)));
        });
    return new YAMLMapper().writeValueAsString(front).replaceFirst("^---\\s*\n", "");
  }

  /// Returns the evaluation as the Hub reads it.
  private Map<String, Object> modelIndex(TrainLine line) {
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("task", typed("feature-extraction", "name", "Masked context prediction"));
    result.put("dataset", typed("held-out", "name", "Held-out utterances of the training corpus"));
    result.put("metrics", List.of(typed("accuracy", "value", rounded(line.accuracy()))));
    Map<String, Object> index = new LinkedHashMap<>();
    index.put("name", name);
    index.put("results", List.of(result));
    return index;
  }

  /// Returns a type and one more entry, in this order; that of `Map.of` changes from run to run.
  private static Map<String, Object> typed(String type, String key, Object value) {
    Map<String, Object> entries = new LinkedHashMap<>();
    entries.put("type", type);
    entries.put(key, value);
    return entries;
  }

  private String introduction() {
    String what =
        switch (card.model().kind()) {
          case DUAL ->
              "A dual-channel language model over speech units: one channel reads contextual"
                  + " (word-like) units, the other the phonetic units under them, and both exchange"
                  + " what they know after every layer";
          default -> "A masked language model over speech units (a baseline of Duovox)";
        };
    return what
        + ". It was trained with [Duovox](https://arxiv.org/abs/2402.01298), an implementation of"
        + " Kim, Hwang and Lee, *Learning Semantic Information from Raw Audio Signal Using Both"
        + " Contextual and Phonetic Representations* (ICASSP 2024), without any text.\n";
  }

  private String units() {
    Map<String, String> rows = new LinkedHashMap<>();
    stream(rows, "Contextual", card.contextual(), card.model().contextualCodes());
    stream(rows, "Phonetic", card.phonetic(), card.model().phoneticCodes());
    return table(rows) + "\nOnly units of these codebooks mean anything to the model.\n";
  }

  private static void stream(
      Map<String, String> rows, String title, ModelCard.Stream stream, int codes) {
    if (codes == 0) {
      return;
    }
    rows.put(title + " codes", Integer.toString(codes));
    if (stream == null) {
      rows.put(title + " encoder", "not known");
      return;
    }
    rows.put(title + " encoder", stream.features().name());
    rows.put(title + " encoder weights (SHA-256)", sumOrNone(stream.features().weightsSha256()));
    rows.put(title + " frame interval", stream.features().intervalMs() + " ms");
    rows.put(title + " codebook (SHA-256)", sumOrNone(stream.codebookSha256()));
  }

  private Map<String, String> architecture() {
    ModelConfig model = card.model();
    Map<String, String> rows = new LinkedHashMap<>();
    rows.put("Kind", model.kind().name().toLowerCase(Locale.ROOT));
    rows.put("Parameters", String.format(Locale.ROOT, "%,d", parameters));
    rows.put("Layers", Integer.toString(model.layers()));
    rows.put("Hidden width", Integer.toString(model.hidden()));
    rows.put("Attention heads", Integer.toString(model.heads()));
    rows.put("Feed-forward width", Integer.toString(model.feedForward()));
    rows.put("Positions", Integer.toString(model.maxPositions()));
    if (!card.labels().isEmpty()) {
      rows.put("Classes", String.join(", ", card.labels()));
    }
    return rows;
  }

  private String training() {
    if (settings.isEmpty()) {
      return "How it was trained is not known.\n";
    }
    Map<String, String> rows = new LinkedHashMap<>();
    setting(rows, "Steps", settings.path("steps"));
    setting(rows, "Utterances trained on", settings.path("training_utterances"));
    setting(rows, "Utterances held out", settings.path("validation_utterances"));
    setting(rows, "Corpus (SHA-256)", settings.path("corpus_sha256"));
    settings
        .path("pretrain")
        .properties()
        .forEach(entry -> {
          if (entry.getValue().isValueNode()) {
            setting(rows, "`" + entry.getKey() + "`", entry.getValue());
          }
        });
    setting(rows, "libtorch", settings.path("libtorch"));
    return table(rows);
  }

  private String evaluation() {
    if (validation.isEmpty()) {
      return "Nothing was held out to evaluate on.\n";
    }
    TrainLine line = validation.get();
    Map<String, String> rows = new LinkedHashMap<>();
    rows.put("Accuracy of masked context prediction", number(line.accuracy()));
    rows.put("Cross-entropy of masked context prediction, nats", number(line.mcp()));
    if (card.model().representationWidth() > 0) {
      rows.put("Mean absolute error of masked context reconstruction", number(line.mcr()));
    }
    predictors.ifPresent(found -> {
      rows.put("For comparison: the commonest unit", number(found.unigram()));
      rows.put("For comparison: bigrams of units", number(found.bigram()));
      rows.put("For comparison: bigrams of both sides", number(found.bothSides()));
    });
    return "On utterances held out of the same corpus, %,d masked positions, after step %,d:\n\n"
            .formatted(line.targets(), line.step())
        + table(rows);
  }

  private static String use() {
    return """
    Turn audio into units with the encoder and the codebooks named above, align both streams, then:

        duovox embed --model THIS_FOLDER --corpus CORPUS --out DIR
    """;
  }

  private String limits() {
    return "- It reads units, not audio, and only those of its own codebooks.\n"
        + "- The figures above are on speech like that of its training; on other speakers,"
        + " languages or recordings they are not known.\n"
        + "- Nobody has examined it for biases of its training data.\n"
        + (license.equals("unknown")
            ? "- Its license is not stated; ask whoever published it before you use it.\n"
            : "");
  }

  private static void setting(Map<String, String> rows, String key, JsonNode value) {
    if (!value.isMissingNode() && !value.isNull()) {
      rows.put(key, value.isString() ? value.asString() : value.toString());
    }
  }

  private static String table(Map<String, String> rows) {
    StringBuilder text = new StringBuilder("| | |\n|---|---|\n");
    rows.forEach((key, value) ->
        text.append("| ").append(key).append(" | ").append(markdown(value)).append(" |\n"));
    return text.toString();
  }

  /// Escapes text so that it cannot break out of a table or become a link or a tag.
  private static String markdown(String text) {
    return text.replaceAll("[\\r\\n]+", " ").replaceAll("([\\\\|<>\\[\\]*])", "\\\\$1");
  }

  private static String sumOrNone(String sum) {
    return sum.isEmpty() ? "none" : sum;
  }

  private static String number(double value) {
    if (!Double.isFinite(value)) {
      return "not a number";
    }
    return String.format(Locale.ROOT, "%.4f", value);
  }

  private static double rounded(double value) {
    return Math.rint(value * 1e4) / 1e4;
  }
}
