package org.duovox.audio.layout;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.duovox.io.Csv;

/// Fluent Speech Commands: a table for each split, whose paths are below the root. The intent is
/// `action|object|location`; an utterance is understood when all three are right.
final class FluentSpeechCommands {
  private static final List<String> SLOTS = List.of("action", "object", "location");

  /// Columns that every row fills in, by their field.
  private static final Map<String, String> COLUMNS = columns();

  private FluentSpeechCommands() {}

  private static Map<String, String> columns() {
    Map<String, String> columns = new LinkedHashMap<>();
    columns.put("path", "path");
    columns.put("speaker", "speakerId");
    columns.put("text", "transcription");
    SLOTS.forEach(slot -> columns.put(slot, slot));
    return columns;
  }

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
    Map<String, Integer> columns = new LinkedHashMap<>();
    COLUMNS.forEach((field, column) -> columns.put(field, table.column(column)));
    if (table.rows().isEmpty()) {
      entries.problem(table.source() + ": has a header and no rows");
    }
    for (Csv.Row row : table.rows()) {
      Map<String, String> fields = new TreeMap<>(Map.of("split", split));
      columns.forEach((field, column) -> fields.put(field, row.cells().get(column)));
      COLUMNS.forEach((field, column) -> {
        if (fields.get(field).isBlank()) {
          entries.problem(
              "%s: has no %s%s"
                  .formatted(
                      table.at(row),
                      column,
                      SLOTS.contains(column) ? "; \"none\" is a value" : ""));
        }
      });
      String path = fields.remove("path");
      fields.put("intent", String.join("|", SLOTS.stream().map(fields::get).toList()));
      if (!path.isBlank()) {
        entries.add(path, fields, table.at(row));
      }
    }
  }
}
