package org.duovox.audio.layout;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.duovox.DuovoxException;
import org.duovox.audio.manifest.PathRules;
import org.duovox.audio.manifest.UtteranceIds;
import org.duovox.io.json.Json;
import tools.jackson.databind.JsonNode;

/// The spoken SNIPS data sets, close or far field: sentences with intents and slots on one side,
/// recordings with their text on the other, joined by the text.
///
/// The smart lights are meant for cross-validation: a field `fold` deals the sentences of each
/// intent to 0 to 4. The smart speakers have `split` train and test. Sentences without a recording
/// and recordings of other sentences, which the publishers announce, are left out with a warning.
final class SnipsSpoken {
  private static final int FOLDS = 5;

  /// A recording: its path below the root, and its speaker or "".
  private record Recording(String path, String speaker) {}

  private final LayoutEntries entries;
  private final Map<String, Recording> byText = new LinkedHashMap<>();
  private final Set<String> used = new HashSet<>();
  private final Set<String> spoken = new HashSet<>(); // Texts that have had their sentence.
  private int unspoken;
  private int repeated;

  private SnipsSpoken(LayoutEntries entries) {
    this.entries = entries;
  }

  static LayoutEntries read(Path root) {
    SnipsSpoken reader = new SnipsSpoken(new LayoutEntries(root));
    if (Files.exists(root.resolve("training_dataset.json"))) {
      reader.trainAndTest();
    } else {
      reader.crossValidation();
    }
    reader.warn();
    return reader.entries;
  }

  private void crossValidation() {
    Path config = entries.root().resolve("config.json");
    JsonNode names = Files.exists(config) ? Json.tree(config) : Json.convert(Map.of());
    if (!names.isObject()) {
      throw DuovoxException.badData(config + ": must hold an object");
    }
    Path dataset = entries.require("SNIPS", inside(names, "dataset", "dataset.json", config));
    String corpus = inside(names, "speech_corpus", "speech_corpus", config);
    Path metadata = entries.require("SNIPS", corpus + "/metadata.json");
    JsonNode recordings = Json.tree(metadata);
    if (!recordings.isObject()) {
      throw DuovoxException.badData(metadata + ": must hold an object of recordings");
    }
    recordings.forEachEntry(
        (key, item) -> recording(item, "filename", corpus + "/audio/", metadata + ": " + key));
    sentences(dataset, null);
  }

  /// Returns a path that the configuration names, which must not lead out of the data set.
  private String inside(JsonNode names, String key, String usual, Path config) {
    JsonNode path = names.path(key);
    if (path.isMissingNode()) {
      return usual;
    }
    if (!path.isString()) {
      throw DuovoxException.badData(config + ": \"" + key + "\" must be a path");
    }
    UtteranceIds.ofPath(entries.root(), path.asString(), PathRules.DATA_SET, config.toString());
    return path.asString();
  }

  private void trainAndTest() {
    Path metadata = entries.require("SNIPS", "metadata.json");
    int index = 0;
    JsonNode recordings = Json.tree(metadata);
    if (!recordings.isContainer()) {
      throw DuovoxException.badData(metadata + ": must hold a list of recordings");
    }
    for (JsonNode item : recordings) {
      recording(item, "path_file", "", metadata + ": item " + index++);
    }
    sentences(entries.require("SNIPS", "training_dataset.json"), "train");
    sentences(entries.require("SNIPS", "test_dataset.json"), "test");
  }

  private void recording(JsonNode item, String key, String folder, String where) {
    String file = item.path(key).asString("");
    String text = item.path("text").asString("");
    if (file.isBlank() || text.isBlank()) {
      entries.problem(where + ": needs \"text\" and \"" + key + "\"");
      return;
    }
    JsonNode worker = item.path("worker").path("id");
    Recording recording =
        new Recording(folder + file, worker.isValueNode() ? worker.asString("") : "");
    repeated += byText.put(text, recording) == null ? 0 : 1;
  }

  /// @param split null: folds instead
  private void sentences(Path file, String split) {
    JsonNode intents = Json.tree(file).path("intents");
    if (!intents.isObject()) {
      throw DuovoxException.badData(file + ": has no object \"intents\"");
    }
    intents.forEachEntry((intent, its) -> {
      int index = 0;
      JsonNode utterances = its.path("utterances");
      if (intent.isBlank() || !utterances.isArray()) {
        entries.problem(
            "%s: intents.%s: needs a name and a list \"utterances\"".formatted(file, intent));
        return;
      }
      for (JsonNode utterance : utterances) {
        String where = "%s: intents.%s.utterances[%d]".formatted(file, intent, index);
        Map<String, String> fields = new TreeMap<>(Map.of("intent", intent));
        fields.put(split == null ? "fold" : "split", split == null ? "" + index % FOLDS : split);
        sentence(utterance, fields, where);
        index++;
      }
    });
  }

  private void sentence(JsonNode utterance, Map<String, String> fields, String where) {
    StringBuilder text = new StringBuilder();
    List<Map.Entry<String, String>> slots = new ArrayList<>();
    for (JsonNode part : utterance.path("data")) {
      String words = part.path("text").asString("");
      String slot = part.path("slot_name").asString(part.path("entity").asString(""));
      text.append(words);
      if (!slot.isEmpty()) {
        slots.add(Map.entry(slot, words.strip()));
      }
    }
    if (text.isEmpty()) {
      entries.problem(where + ": has no \"data\" with \"text\"");
      return;
    }
    Recording recording = byText.get(text.toString());
    if (recording == null) {
      unspoken++;
    } else if (spoken.add(text.toString())) {
      used.add(recording.path());
      fields.put("text", text.toString().strip());
      fields.put("slots", LayoutEntries.slots(slots));
      if (!recording.speaker().isEmpty()) {
        fields.put("speaker", recording.speaker());
      }
      entries.add(recording.path(), fields, where);
    } else {
      entries.problem(where + ": an earlier sentence has the same text \"" + text + "\"");
    }
  }

  private void warn() {
    Set<String> rest = new HashSet<>();
    byText.values().forEach(recording -> rest.add(recording.path()));
    rest.removeAll(used);
    if (unspoken + rest.size() > 0) {
      entries.warn(
          "%s: %d sentences have no recording, %d recordings are of no sentence; both are left out"
              .formatted(entries.root(), unspoken, rest.size()));
    }
    if (repeated > 0) {
      entries.warn(
          "%s: %d recordings say what a later one says and are left out"
              .formatted(entries.root(), repeated));
    }
  }
}
