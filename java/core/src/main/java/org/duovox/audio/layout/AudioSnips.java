package org.duovox.audio.layout;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.duovox.io.TextLines;

/// Audio SNIPS as s3prl prepares it: SNIPS spoken by synthesizers.
///
/// A line of `all.iob.snips.txt` is `ID BOS words EOS`, a tabulator, `O tags intent`: a tag (`O`,
/// `B-slot`, `I-slot`) for every word. The speaker is what stands before `-snips-` in the id.
final class AudioSnips {
  private static final String TEXTS = "all.iob.snips.txt";
  private static final List<String> SPLITS = List.of("train", "valid", "test");
  private static final Set<String> EXTENSIONS = Set.of("wav", "mp3", "flac");

  /// A line: where it stands and what it says.
  private record Labels(String where, Map<String, String> fields) {}

  private final LayoutEntries entries;
  private final Map<String, Labels> byId = new HashMap<>();

  private AudioSnips(LayoutEntries entries) {
    this.entries = entries;
  }

  static LayoutEntries read(Path root) {
    Path inner = root.resolve("SNIPS");
    AudioSnips reader = new AudioSnips(new LayoutEntries(Files.isDirectory(inner) ? inner : root));
    reader.texts(reader.entries.require("Audio SNIPS", TEXTS));
    int known = reader.byId.size();
    int found = 0;
    for (String split : SPLITS) {
      found += reader.split(reader.entries.require("Audio SNIPS", split), split);
    }
    if (found < known) {
      reader.entries.warn(
          "%s: %d of %d lines have no recording and are left out"
              .formatted(reader.entries.root().resolve(TEXTS), known - found, known));
    }
    return reader.entries;
  }

  private void texts(Path file) {
    try (TextLines lines = TextLines.open(file, TextLines.End.OPTIONAL)) {
      for (String line = lines.next(); line != null; line = lines.next()) {
        if (!line.isBlank()) {
          line(line, lines.where());
        }
      }
    }
  }

  private void line(String line, String where) {
    int tab = line.indexOf('\t');
    String[] words = line.substring(0, Math.max(tab, 0)).strip().split(" +");
    String[] tags = line.substring(tab + 1).strip().split(" +");
    // The id, BOS and EOS on one side, the tag of BOS and the intent on the other.
    if (tab < 0 || words.length < 3 || words.length - 3 != tags.length - 2) {
      entries.problem(
          where
              + ": is not 'ID BOS words EOS', a tabulator, and a tag for each, the last an intent");
      return;
    }
    Map<String, String> fields = new TreeMap<>();
    fields.put("intent", tags[tags.length - 1]);
    fields.put("text", String.join(" ", List.of(words).subList(2, words.length - 1)));
    fields.put("slots", slots(words, tags, where));
    int end = words[0].indexOf("-snips-");
    if (end > 0) {
      fields.put("speaker", words[0].substring(0, end));
    }
    if (byId.put(words[0], new Labels(where, fields)) != null) {
      entries.problem(where + ": " + words[0] + " occurs twice");
    }
  }

  private String slots(String[] words, String[] tags, String where) {
    List<Map.Entry<String, String>> slots = new ArrayList<>();
    String open = "";
    for (int i = 1; i < tags.length - 1; i++) {
      String name = tags[i].length() > 2 ? tags[i].substring(2) : "";
      if (tags[i].startsWith("B-") && !name.isEmpty()) {
        slots.add(Map.entry(name, words[i + 1]));
      } else if (tags[i].startsWith("I-") && !name.isEmpty() && name.equals(open)) {
        Map.Entry<String, String> last = slots.removeLast();
        slots.add(Map.entry(name, last.getValue() + " " + words[i + 1]));
      } else if (!tags[i].equals("O")) {
        entries.problem(
            where
                + ": the tag "
                + tags[i]
                + (tags[i].startsWith("B-")
                    ? " names no slot"
                    : " does not go on a slot that began"));
      }
      open = name;
    }
    return LayoutEntries.slots(slots);
  }

  private int split(Path folder, String split) {
    int found = 0;
    int unknown = 0;
    for (Path file : LayoutEntries.list(folder)) {
      String name = file.getFileName().toString();
      int dot = name.lastIndexOf('.');
      if (dot < 0 || !EXTENSIONS.contains(name.substring(dot + 1))) {
        continue;
      }
      Labels labels = byId.get(name.substring(0, dot));
      if (labels == null) {
        unknown++;
      } else {
        found++;
        Map<String, String> fields = new TreeMap<>(labels.fields());
        fields.put("split", split);
        entries.add(split + "/" + name, fields, labels.where());
      }
    }
    if (unknown > 0) {
      entries.warn(
          "%s: %d recordings have no line in %s and are left out"
              .formatted(folder, unknown, TEXTS));
    }
    return found;
  }
}
