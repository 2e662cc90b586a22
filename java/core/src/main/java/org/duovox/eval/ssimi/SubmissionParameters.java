package org.duovox.eval.ssimi;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;
import org.duovox.DuovoxException;
import org.duovox.io.FileKind;
import org.duovox.io.TextInput;
import org.duovox.io.atomic.AtomicFiles;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// The distance and pooling that a submission declares for its evaluation: in `params.yaml`
/// (benchmarks package) under `semantic`, or in `meta.yaml` (ZeroSpeech 2021) under
/// `parameters.semantic`.
///
/// @param file that declares them
/// @param metric name of the distance; `euclidean` where params.yaml has none, as there
/// @param pooling name of the pooling; `mean` where params.yaml has none, as there
public record SubmissionParameters(Path file, String metric, String pooling) {
  private static final YAMLMapper YAML = YAMLMapper.builder().build();
  private static final String PARAMS = "params.yaml";

  /// Reads what a submission declares; nothing when it has neither file, or one that does not speak
  /// of the semantic task.
  ///
  /// @throws DuovoxException of kind BAD_DATA for what is no YAML
  public static Optional<SubmissionParameters> of(Path submission) {
    Path params = submission.resolve(PARAMS);
    if (Files.isRegularFile(params)) {
      JsonNode semantic = read(params).path("semantic");
      return Optional.of(
          new SubmissionParameters(
              params, text(semantic, "metric", "euclidean"), text(semantic, "pooling", "mean")));
    }
    Path meta = submission.resolve("meta.yaml");
    if (!Files.isRegularFile(meta)) {
      return Optional.empty();
    }
    JsonNode semantic = read(meta).path("parameters").path("semantic");
    boolean declares = semantic.hasNonNull("metric") && semantic.hasNonNull("pooling");
    return declares
        ? Optional.of(
            new SubmissionParameters(
                meta, text(semantic, "metric", ""), text(semantic, "pooling", "")))
        : Optional.empty();
  }

  /// Writes a params.yaml that declares a distance and pooling, and that the submission's files are
  /// texts, which the benchmarks package would not look for otherwise.
  public static void write(Path submission, String metric, String pooling) {
    String yaml =
        """
        quiet: false
        semantic:
          metric: %s
          pooling: %s
        syntactic:
          score_files_type: .txt
        """;
    AtomicFiles.write(submission.resolve(PARAMS), yaml.formatted(metric, pooling));
  }

  private static String text(JsonNode semantic, String key, String fallback) {
    return semantic.hasNonNull(key) ? semantic.path(key).asString() : fallback;
  }

  /// Returns the parser's own lines; those between show the place, with a blank in front.
  private static String plain(String message) {
    return message
        .lines()
        .filter(line -> !line.isBlank() && !line.startsWith(" "))
        .collect(Collectors.joining(", "));
  }

  private static JsonNode read(Path file) {
    FileKind.requireText(file, "YAML");
    try {
      return YAML.readTree(TextInput.read(file));
    } catch (JacksonException e) {
      throw DuovoxException.badData(
          "%s:%d: not YAML: %s"
              .formatted(file, e.getLocation().getLineNr(), plain(e.getOriginalMessage())),
          e);
    }
  }
}
