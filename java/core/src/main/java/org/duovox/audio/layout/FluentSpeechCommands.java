package org.duovox.audio.layout;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.duovox.io.Csv;

/// Fluent Speech Commands: a table for each split, whose paths are below the root. The intent is
/// `action|object|location`; an utterance is understood when all three are right.
final class FluentSpeechCommands {
  private static final List<String> SLOTS = List.of("action", "object", "location");

  private FluentSpeechCommands() {}

  static LayoutEntries read(Path root) {
    Path inner = root.resolve("fluent_speech_commands_dataset");
    LayoutEntries entries = new LayoutEntries(Files.isDirectory(inner) ? inner : root);
    for (String split : List.of("train", "valid", "test")) {
      Path table = entries.require("Fluent Speech Commands", "data/" + split + "_data.csv");
      read(Csv.read(table), split, entries);
    }
    return entries;
  }

  private static void read(Csv table, String split, LayoutEntries entries) {
    int path = table.column("path");
    int speaker = table.column("speakerId");
    int text = table.column("transcription");
    List<Integer> slots = SLOTS.stream().map(table::column).toList();
    for (Csv.Row row : table.rows()) {
      Map<String, String> fields = new TreeMap<>(Map.of("split", split));
      fields.put("speaker", row.cells().get(speaker));
      fields.put("text", row.cells().get(text));
      for (int i = 0; i < SLOTS.size(); i++) {
        String value = row.cells().get(slots.get(i));
        if (value.isBlank()) {
          entries.problem(table.at(row) + ": has no " + SLOTS.get(i) + "; \"none\" is a value");
        }
        fields.put(SLOTS.get(i), value);
      }
      fields.put("intent", String.join("|", SLOTS.stream().map(fields::get).toList()));
      entries.add(row.cells().get(path), fields, table.at(row));
    }
  }
}
