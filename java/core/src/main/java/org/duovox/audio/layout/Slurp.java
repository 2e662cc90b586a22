package org.duovox.audio.layout;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.duovox.DuovoxException;
import org.duovox.io.TextLines;
import org.duovox.io.json.Json;
import tools.jackson.databind.JsonNode;

/// SLURP: a JSONL file for each split, whose lines are sentences with all their recordings; slots
/// are read from `sentence_annotation`, speakers from `metadata.json` where it is there.
///
/// `train_synthetic` is left out with a warning when there is no folder `slurp_synth`.
final class Slurp {
  private static final List<String> SPLITS = List.of("train", "train_synthetic", "devel", "test");
  private static final Pattern SLOT =
      Pattern.compile("\\[\\s*([^:\\[\\]\\s][^:\\[\\]]*?)\\s*:\\s*([^\\[\\]\\s][^\\[\\]]*?)\\s*]");

  private final LayoutEntries entries;
  private final Map<String, String> speakers = new HashMap<>();
  private int unspoken;

  private Slurp(LayoutEntries entries) {
    this.entries = entries;
  }

  static LayoutEntries read(Path root) {
    LayoutEntries entries = new LayoutEntries(root);
    Path texts =
        entries
            .require("SLURP", "dataset/slurp/train.jsonl", "slurp/train.jsonl", "train.jsonl")
            .getParent();
    Slurp reader = new Slurp(entries);
    reader.speakers(texts.resolve("metadata.json"));
    for (String split : SPLITS) {
      reader.split(texts.resolve(split + ".jsonl"), split);
    }
    if (reader.unspoken > 0) {
      entries.warn(
          "%s: %d sentences have no recording and are left out".formatted(texts, reader.unspoken));
    }
    return entries;
  }

  private void split(Path file, String split) {
    boolean synthetic = split.equals("train_synthetic");
    Optional<String> audio = audioFolder(synthetic ? "slurp_synth" : "slurp_real");
    if (synthetic && (audio.isEmpty() || !Files.exists(file))) {
      if (Files.exists(file)) {
        entries.warn(
            entries.root() + ": there is no folder slurp_synth; train_synthetic is left out");
      }
      return;
    }
    String folder =
        audio.orElseThrow(() ->
            DuovoxException.missing(
                entries.root()
                    + ": is not in the layout of SLURP: it has no folder slurp_real, in itself,"
                    + " audio or scripts/audio"));
    if (!Files.exists(file)) {
      throw DuovoxException.missing(file + ": is missing from SLURP");
    }
    sentences(file, split, folder);
  }

  private void sentences(Path file, String split, String folder) {
    boolean none = true;
    try (TextLines lines = TextLines.open(file, TextLines.End.OPTIONAL)) {
      for (String line = lines.next(); line != null; line = lines.next()) {
        if (!line.isBlank()) {
          sentence(line, split, folder, lines.where());
          none = false;
        }
      }
    }
    if (none) {
      entries.problem(file + ": holds no sentence");
    }
  }

  private Optional<String> audioFolder(String name) {
    return Stream.of("", "audio/", "scripts/audio/", "scripts/")
        .map(prefix -> prefix + name)
        .filter(folder -> Files.isDirectory(entries.root().resolve(folder)))
        .findFirst();
  }

  private void sentence(String line, String split, String folder, String where) {
    JsonNode sentence;
    try {
      sentence = Json.parseLine(line, JsonNode.class, where);
    } catch (DuovoxException e) {
      entries.problem(e.getMessage());
      return;
    }
    Map<String, String> fields = new TreeMap<>(Map.of("split", split));
    boolean whole = true;
    for (String key : List.of("scenario", "action", "intent")) {
      whole &= copy(sentence, key, key, fields, where);
    }
    whole &= copy(sentence, "sentence", "text", fields, where);
    JsonNode annotation = sentence.path("sentence_annotation");
    if (annotation.isString()) {
      fields.put("slots", slots(annotation.asString(), where));
    } else {
      entries.problem(where + ": has no text \"sentence_annotation\", which says the slots");
    }
    JsonNode recordings = sentence.path("recordings");
    if (!recordings.isArray()) {
      entries.problem(where + ": has no list \"recordings\"");
    } else if (whole) {
      unspoken += recordings.isEmpty() ? 1 : 0;
      recordings.forEach(recording -> recording(recording, fields, folder, where));
    }
  }

  private boolean copy(
      JsonNode from, String key, String field, Map<String, String> fields, String where) {
    String value = from.path(key).asString("");
    if (value.isBlank()) {
      entries.problem(where + ": has no text \"" + key + "\"");
      return false;
    }
    fields.put(field, value);
    return true;
  }

  private String slots(String annotation, String where) {
    List<Map.Entry<String, String>> slots = new ArrayList<>();
    Matcher matcher = SLOT.matcher(annotation);
    while (matcher.find()) {
      slots.add(Map.entry(matcher.group(1), matcher.group(2)));
    }
    if (matcher.replaceAll("").matches(".*[\\[\\]].*")) {
      entries.problem(where + ": a bracket of sentence_annotation is no [type : words]");
    }
    return LayoutEntries.slots(slots);
  }

  private void recording(
      JsonNode recording, Map<String, String> sentence, String folder, String where) {
    String file = recording.path("file").asString("");
    if (file.isBlank()) {
      entries.problem(where + ": a recording has no text \"file\"");
      return;
    }
    Map<String, String> fields = new TreeMap<>(sentence);
    if (speakers.containsKey(file)) {
      fields.put("speaker", speakers.get(file));
    }
    entries.add(folder + "/" + file, fields, where);
  }

  /// Reads the speaker of each recording, where it is told.
  private void speakers(Path file) {
    if (!Files.exists(file)) {
      return;
    }
    JsonNode sentences = Json.tree(file);
    if (!sentences.isObject()) {
      entries.problem(file + ": must hold an object of sentences by their number");
    }
    sentences.forEachEntry((key, sentence) -> {
      JsonNode recordings = sentence.path("recordings");
      if (!recordings.isObject()) {
        entries.problem(file + ": " + key + ": has no object \"recordings\"");
      }
      recordings.forEachEntry((name, facts) -> {
        String speaker = facts.path("usrid").asString("");
        if (!facts.isObject()) {
          entries.problem("%s: %s.recordings.%s: is no object".formatted(file, key, name));
        } else if (!speaker.isEmpty()) {
          speakers.put(name, speaker);
        }
      });
    });
  }
}
