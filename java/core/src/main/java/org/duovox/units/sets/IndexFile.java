package org.duovox.units.sets;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.duovox.DuovoxException;
import org.duovox.io.TextInput;
import org.duovox.io.atomic.AtomicFiles;
import org.duovox.io.json.Json;

/// `index.jsonl` of a unit set or a corpus: one line per utterance, in the order of the set.
public final class IndexFile {
  public static final String NAME = "index.jsonl";

  /// The place of an utterance: `frames` counts units in a unit set and tokens in a corpus.
  public record Entry(
      String id,
      int shard,
      int position,
      int frames,
      long samples,
      Map<String, String> fields,
      String audioSha256) {
    public Entry {
      fields = fields == null ? Map.of() : fields;
      audioSha256 = audioSha256 == null ? "" : audioSha256;
    }
  }

  private IndexFile() {}

  /// Writes the lines in this order.
  public static void write(Path folder, List<Entry> entries) {
    AtomicFiles.write(
        folder.resolve(NAME),
        stream -> {
          for (Entry entry : entries) {
            stream.write(Json.line(entry).getBytes(StandardCharsets.UTF_8));
            stream.write('\n');
          }
        });
  }

  /// Reads the lines and checks that ids are unique and places follow each other.
  public static List<Entry> read(Path folder) {
    Path file = folder.resolve(NAME);
    List<Entry> entries = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    if (!Files.exists(file)) {
      throw DuovoxException.missing(folder + " has no " + NAME + "; it is not a folder of Duovox");
    }
    try (BufferedReader reader = TextInput.reader(file)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        String where = file + ":" + (entries.size() + 1);
        Entry entry = Json.parseLine(line, Entry.class, where);
        requireNext(entry, entries, where);
        if (!ids.add(entry.id())) {
          throw DuovoxException.badData(where + ": the id '" + entry.id() + "' occurs twice");
        }
        entries.add(entry);
      }
    } catch (CharacterCodingException e) {
      throw DuovoxException.badData(file + ": is not UTF-8 text", e);
    } catch (IOException e) {
      throw DuovoxException.io("cannot read " + file, e);
    }
    return entries;
  }

  private static void requireNext(Entry entry, List<Entry> before, String where) {
    Entry last = before.isEmpty() ? new Entry("", 0, -1, 0, 0, null, null) : before.getLast();
    boolean follows = entry.shard() == last.shard() && entry.position() == last.position() + 1;
    boolean opens = entry.shard() == last.shard() + 1 && entry.position() == 0;
    if (entry.id() == null || entry.frames() < 0 || entry.samples() < 0 || !(follows || opens)) {
      throw DuovoxException.badData(
          where
              + ": shard %d, position %d, %d frames does not follow the line before"
                  .formatted(entry.shard(), entry.position(), entry.frames()));
    }
  }
}
