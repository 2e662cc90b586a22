package org.duovox.audio.manifest;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.duovox.DuovoxException;
import org.duovox.io.TextLines;
import org.duovox.io.json.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads manifests of one utterance per line: fairseq `.tsv` and `.jsonl`. Blank lines are passed
/// over.
final class ManifestLines {
  private static final List<String> AUDIO_KEYS = List.of("audio", "path", "audio_filepath");
  // Of Hugging Face's audio folders and of slamkit; where another key names the audio, a label.
  private static final String FILE_NAME = "file_name";
  private static final List<String> ID_KEYS = List.of("id", "utt_id");
  private static final Pattern SLICE = Pattern.compile(".*:[0-9]+:[0-9]+");

  private final Path base;
  private final PathRules rules;

  private ManifestLines(Path base, PathRules rules) {
    this.base = base;
    this.rules = rules;
  }

  static List<Utterance> tsv(Path file, PathRules rules) {
    TsvLines lines = TsvLines.read(file, TextLines.End.OPTIONAL);
    ManifestLines manifest = new ManifestLines(root(file, lines, rules), rules);
    return lines.rows().stream().map(manifest::utterance).toList();
  }

  static List<Utterance> jsonl(Path file, PathRules rules) {
    List<Utterance> utterances = new ArrayList<>();
    ManifestLines manifest = new ManifestLines(rules.base(folder(file)), rules);
    try (TextLines lines = TextLines.open(file, TextLines.End.OPTIONAL)) {
      for (String line = lines.next(); line != null; line = lines.next()) {
        if (!line.isBlank()) {
          utterances.add(manifest.utterance(line, lines.where()));
        }
      }
    }
    return utterances;
  }

  private static Path root(Path file, TsvLines lines, PathRules rules) {
    Path root;
    try {
      root = rules.base(folder(file).resolve(lines.root()).normalize());
    } catch (InvalidPathException e) {
      throw DuovoxException.badData(
          lines.rootWhere() + ": the first line must be the root folder", e);
    }
    if (!Files.isDirectory(root)) {
      throw DuovoxException.missing(
          lines.rootWhere()
              + ": the root folder "
              + root
              + " does not exist. Correct the first line, or say where it is with "
              + rules.rootName());
    }
    return root;
  }

  private Utterance utterance(TsvLines.Row row) {
    Path audio = audio(row.path(), row.where());
    return new Utterance(rules.id(base, audio, row.where()), audio, row.samples(), Map.of());
  }

  private Utterance utterance(String line, String where) {
    if (line.strip().equals("{")) {
      throw DuovoxException.badData(
          where
              + ": an object begins here that goes on in the next line; a .jsonl manifest has one"
              + " object per line, and one for each utterance");
    }
    if (line.stripLeading().startsWith("[")) {
      throw DuovoxException.badData(
          where
              + ": a .jsonl manifest is no JSON array; write one object per line, without commas");
    }
    ObjectNode object = Json.parseLine(line, ObjectNode.class, where);
    Map<String, String> texts = Json.texts(line);
    Map<String, String> fields = new TreeMap<>();
    object.forEachEntry((key, value) -> {
      if (!value.isNull()) {
        fields.put(key, texts.get(key));
      }
    });
    Path audio = audio(audioText(object, fields, where), where);
    Excerpt excerpt = ExcerptKeys.read(object, where);
    String id = givenId(fields);
    id =
        UtteranceIds.require(
            id == null ? rules.id(base, audio, where) + excerpt.suffix() : id, where);
    return new Utterance(id, audio, OptionalLong.empty(), fields, excerpt, "");
  }

  private static String givenId(Map<String, String> fields) {
    return ID_KEYS.stream()
        .filter(fields::containsKey)
        .findFirst()
        .map(fields::remove)
        .orElse(null);
  }

  private Path audio(String text, String where) {
    Path audio = rules.resolve(base, text, where);
    if (SLICE.matcher(text).matches() && !Files.exists(audio)) {
      throw DuovoxException.badData(
          "%s: %s: 'path:start:length' of fairseq is not read; write .jsonl lines with audio_filepath, offset and duration in seconds"
              .formatted(where, Printable.quoted(text)));
    }
    rules.requireInside(base, audio, where);
    return audio;
  }

  private static String audioText(ObjectNode object, Map<String, String> fields, String where) {
    List<String> present = AUDIO_KEYS.stream().filter(fields::containsKey).toList();
    if (present.isEmpty() && fields.containsKey(FILE_NAME)) {
      present = List.of(FILE_NAME);
    }
    JsonNode value = present.size() == 1 ? object.get(present.getFirst()) : null;
    if (value == null || !value.isString() || value.stringValue().isEmpty()) {
      ExcerptKeys.requireUnderstood(object, where);
      if (value != null && (value.isObject() || value.isArray())) {
        throw DuovoxException.badData(
            "%s: '%s' is %s; write the path of the audio file there, as text"
                .formatted(where, present.getFirst(), value.isObject() ? "an object" : "an array"));
      }
      throw DuovoxException.badData(
          where
              + ": needs the path of its audio under exactly one of the keys "
              + String.join(", ", AUDIO_KEYS)
              + ", or else file_name");
    }
    fields.remove(present.getFirst());
    return value.stringValue();
  }

  private static Path folder(Path file) {
    return PathRules.absolute(file).getParent();
  }
}
