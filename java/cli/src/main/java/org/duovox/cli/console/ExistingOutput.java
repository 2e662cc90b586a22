package org.duovox.cli.console;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.duovox.DuovoxException;
import org.duovox.io.json.Json;
import org.duovox.io.tensors.Safetensors;
import org.duovox.io.tensors.SafetensorsFile;
import org.duovox.report.Wording;
import org.duovox.train.run.RunFolder;
import tools.jackson.databind.JsonNode;

/// Describes an output that exists already: what it is and what it was made from, according to its
/// manifest or metadata.
final class ExistingOutput {
  private static final String MANIFEST = "manifest.json";

  private ExistingOutput() {}

  /// Returns a few words about a file or folder; never throws.
  static String describe(Path output) {
    try {
      return Files.isDirectory(output) ? folder(output) : file(output);
    } catch (DuovoxException | IOException e) {
      return Files.isDirectory(output)
          ? "a folder that cannot be read"
          : "a file that cannot be read";
    }
  }

  private static String folder(Path folder) throws IOException {
    Path manifest = folder.resolve(MANIFEST);
    if (Files.isRegularFile(manifest)) {
      return manifest(Json.tree(manifest));
    }
    Path conversion = folder.resolve("conversion.json");
    if (Files.isRegularFile(conversion)) {
      JsonNode tree = Json.tree(conversion);
      return "a converted checkpoint (%s) of %s"
          .formatted(text(tree, "layout"), text(tree.path("sources").path(0), "file"));
    }
    if (Files.isRegularFile(folder.resolve("recipe.json"))) {
      return "a run of the recipe " + text(Json.tree(folder.resolve("recipe.json")), "name");
    }
    return RunFolder.hasRecord(folder) ? run(folder) : entries(folder);
  }

  /// Returns " of ENCODER LAYER"; "" for imported units of unknown origin.
  private static String origin(String encoder, String layer) {
    String both = (encoder + " " + layer).strip();
    return both.isEmpty() ? "" : " of " + both;
  }

  private static String manifest(JsonNode manifest) {
    return switch (manifest.path("format").asString("")) {
      case "duovox-features" ->
          "features of %s (%s), %s"
              .formatted(
                  text(manifest, "encoder"),
                  String.join(
                      ", ",
                      manifest.path("layers").valueStream().map(l -> text(l, "name")).toList()),
                  utterances(manifest));
      case "duovox-units" ->
          "a unit set%s, %d codes, %s"
              .formatted(
                  origin(text(manifest, "encoder"), text(manifest, "layer")),
                  manifest.path("vocabulary").asInt(0),
                  utterances(manifest));
      case "duovox-corpus" ->
          "a corpus of %s and %s, %s"
              .formatted(
                  stream(manifest.path("contextual")),
                  stream(manifest.path("phonetic")),
                  utterances(manifest));
      default -> "a folder with a " + MANIFEST + " that is not of Duovox";
    };
  }

  private static String stream(JsonNode stream) {
    JsonNode features = stream.path("features");
    return (text(features, "encoder") + " " + text(features, "layer")).strip()
        + " ("
        + stream.path("vocabulary").asInt(0)
        + " codes)";
  }

  private static String utterances(JsonNode manifest) {
    return Wording.format(
        "%s, %s of audio",
        Wording.count(manifest.path("utterances").asInt(0), "utterance"),
        Wording.duration(manifest.path("seconds").asDouble(0)));
  }

  private static String run(Path folder) {
    boolean finished = Files.isRegularFile(folder.resolve("model.safetensors"));
    return finished ? "a finished training" : "a training that has not finished";
  }

  /// Describes a folder of several unit sets, or any other folder by the names in it.
  private static String entries(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      List<String> sets =
          entries
              .filter(path -> Files.isRegularFile(path.resolve(MANIFEST)))
              .sorted()
              .map(path ->
                  path.getFileName() + " (" + manifest(Json.tree(path.resolve(MANIFEST))) + ")")
              .toList();
      return sets.isEmpty() ? names(folder) : "a folder with " + Wording.firstTen(sets);
    }
  }

  private static String names(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      List<String> names =
          entries
              .map(path -> path.getFileName().toString())
              .filter(name -> !name.startsWith("."))
              .sorted()
              .toList();
      return "a folder with " + (names.isEmpty() ? "hidden files" : Wording.firstTen(names));
    }
  }

  private static String file(Path file) throws IOException {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    if (name.endsWith(".safetensors")) {
      try (SafetensorsFile tensors = Safetensors.open(file)) {
        return tensors(tensors);
      } catch (DuovoxException e) {
        // Described like any other file, below.
      }
    }
    return Wording.format(
        "a file of %s, last changed %tF %<tR",
        Wording.bytes(Files.size(file)), Files.getLastModifiedTime(file).toMillis());
  }

  private static String tensors(SafetensorsFile file) {
    Map<String, String> metadata = file.metadata();
    if (!metadata.getOrDefault("format", "").equals("duovox-codebook")) {
      return "a safetensors file with " + Wording.count(file.tensors().size(), "tensor");
    }
    return "a codebook of %s clusters, fitted on %s %s (%s frames, seed %s)"
        .formatted(
            metadata.getOrDefault("fit.clusters", "?"),
            metadata.getOrDefault("encoder", ""),
            metadata.getOrDefault("layer", ""),
            metadata.getOrDefault("fit.frames", "?"),
            metadata.getOrDefault("fit.seed", "?"));
  }

  private static String text(JsonNode node, String key) {
    return node.path(key).asString("");
  }
}
