package org.duovox.audio;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.duovox.DuovoxException;
import org.duovox.io.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads manifests of one utterance per line: fairseq `.tsv` and `.jsonl`. Blank lines are passed
/// over.
final class ManifestLines {
  private static final List<String> AUDIO_KEYS = List.of("audio", "path", "audio_filepath");
  private static final int MAX_LINE = 1 << 20;

  private ManifestLines() {}

  static List<Utterance> tsv(Path file, boolean allowAbsolute) {
    List<Utterance> utterances = new ArrayList<>();
    Path[] root = new Path[1];
    forEachLine(
        file,
        (line, where) -> {
          if (root[0] == null) {
            root[0] = root(file, line, where);
          } else {
            utterances.add(tsvLine(root[0], line, allowAbsolute, where));
          }
        });
    return utterances;
  }

  static List<Utterance> jsonl(Path file, boolean allowAbsolute) {
    List<Utterance> utterances = new ArrayList<>();
    Path root = folder(file);
    forEachLine(file, (line, where) -> utterances.add(jsonLine(root, line, allowAbsolute, where)));
    return utterances;
  }

  private static Path root(Path file, String line, String where) {
    Path root;
    try {
      root = folder(file).resolve(line.strip()).normalize();
    } catch (InvalidPathException e) {
      throw DuovoxException.badData(where + ": the first line must be the root folder", e);
    }
    if (!Files.isDirectory(root)) {
      throw DuovoxException.missing(
          where + ": the root folder " + root + " does not exist. Correct the first line");
    }
    return root;
  }

  private static Utterance tsvLine(Path root, String line, boolean allowAbsolute, String where) {
    String[] columns = line.split("\t", -1);
    if (columns.length > 2) {
      throw DuovoxException.badData(
          where + ": " + columns.length + " columns; expected path<TAB>samples");
    }
    Path audio = AudioPaths.resolve(root, columns[0], allowAbsolute, where);
    OptionalLong samples =
        columns.length == 2 ? OptionalLong.of(samples(columns[1], where)) : OptionalLong.empty();
    return new Utterance(id(root, audio, where), audio, samples, Map.of());
  }

  private static long samples(String text, String where) {
    try {
      long samples = Long.parseLong(text.strip());
      if (samples >= 0) {
        return samples;
      }
    } catch (NumberFormatException e) {
      // Told below, as for a negative number.
    }
    throw DuovoxException.badData(where + ": not a number of samples: \"" + text.strip() + "\"");
  }

  private static Utterance jsonLine(Path root, String line, boolean allowAbsolute, String where) {
    ObjectNode object = Json.parse(line, ObjectNode.class, where);
    Map<String, String> fields = new TreeMap<>();
    object.forEachEntry((key, value) -> {
      if (!value.isNull()) {
        fields.put(key, value.isString() ? value.stringValue() : Json.line(value));
      }
    });
    Path audio = AudioPaths.resolve(root, audioText(object, fields, where), allowAbsolute, where);
    String id = fields.remove("id");
    id = id == null ? id(root, audio, where) : AudioPaths.requireId(id, where);
    return new Utterance(id, audio, OptionalLong.empty(), fields);
  }

  private static String audioText(ObjectNode object, Map<String, String> fields, String where) {
    List<String> present = AUDIO_KEYS.stream().filter(fields::containsKey).toList();
    JsonNode value = present.size() == 1 ? object.get(present.getFirst()) : null;
    if (value == null || !value.isString() || value.stringValue().isEmpty()) {
      throw DuovoxException.badData(
          where
              + ": needs the path of its audio under exactly one of the keys "
              + String.join(", ", AUDIO_KEYS));
    }
    fields.remove(present.getFirst());
    return value.stringValue();
  }

  private static String id(Path root, Path audio, String where) {
    Path relative = audio.startsWith(root) ? root.relativize(audio) : audio.getFileName();
    return AudioPaths.requireId(AudioPaths.id(relative), where);
  }

  private static Path folder(Path file) {
    return file.toAbsolutePath().normalize().getParent();
  }

  private interface LineConsumer {
    void accept(String line, String where);
  }

  private static void forEachLine(Path file, LineConsumer consumer) {
    int number = 0;
    try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        String where = file + ":" + ++number;
        if (line.length() > MAX_LINE) {
          throw DuovoxException.badData(where + ": a line of more than a million characters");
        }
        if (!line.isBlank()) {
          consumer.accept(line, where);
        }
      }
    } catch (CharacterCodingException e) {
      throw DuovoxException.badData(file + ":" + (number + 1) + ": is not UTF-8 text", e);
    } catch (IOException e) {
      throw DuovoxException.io("cannot read " + file, e);
    }
  }
}
