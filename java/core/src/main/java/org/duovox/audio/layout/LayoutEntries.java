package org.duovox.audio.layout;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.duovox.DuovoxException;
import org.duovox.DuovoxException.Kind;
import org.duovox.audio.manifest.Manifest;
import org.duovox.audio.manifest.PathRules;
import org.duovox.audio.manifest.Utterance;
import org.duovox.audio.manifest.UtteranceIds;
import org.duovox.io.Problems;
import org.duovox.io.json.Json;

/// The utterances of a data set while it is read, and what is wrong with it.
final class LayoutEntries {
  private static final System.Logger LOG = System.getLogger(LayoutEntries.class.getName());

  private final Path root;
  private final List<Utterance> utterances = new ArrayList<>();
  private final Problems problems = new Problems();
  private final Problems missing = new Problems();
  private final Map<String, String> places = new HashMap<>(); // Path and line of each id.

  LayoutEntries(Path root) {
    this.root = root;
  }

  Path root() {
    return root;
  }

  /// Adds something that is wrong; it begins with file and line.
  void problem(String what) {
    problems.add(what);
  }

  /// Adds an utterance.
  ///
  /// @param path of its audio below the root
  /// @param where file and line that name it
  void add(String path, Map<String, String> fields, String where) {
    String id;
    try {
      id = UtteranceIds.ofPath(root, path, PathRules.DATA_SET, where);
    } catch (DuovoxException e) {
      problems.add(e.getMessage());
      return;
    }
    String earlier = places.putIfAbsent(id, path + " at " + where);
    if (earlier != null) {
      problems.add("%s: %s has the id of %s; take one of them out".formatted(where, path, earlier));
      return;
    }
    Path audio = root.resolve(path).normalize();
    if (Files.isRegularFile(audio)) {
      utterances.add(new Utterance(id, audio, OptionalLong.empty(), fields));
    } else {
      missing.add(where + ": there is no file " + audio);
    }
  }

  /// Tells something that a user may want to know.
  void warn(String what) {
    LOG.log(System.Logger.Level.WARNING, what);
  }

  /// Refuses a data set with problems.
  Manifest manifest() {
    problems.throwIfAny(Kind.BAD_DATA, root + ": the data set cannot be read");
    missing.throwIfAny(Kind.MISSING_INPUT, root + ": audio is missing");
    return new Manifest(utterances, root.toString());
  }

  /// Slots as the text of a field.
  ///
  /// @param slots pairs of a type and its words, in the order of the utterance
  static String slots(List<Map.Entry<String, String>> slots) {
    Map<String, Object> byType = new LinkedHashMap<>();
    for (Map.Entry<String, String> slot : slots) {
      byType.merge(
          slot.getKey(),
          slot.getValue(),
          (old, value) -> {
            List<Object> both = new ArrayList<>(old instanceof List<?> many ? many : List.of(old));
            both.add(value);
            return both;
          });
    }
    return Json.line(byType);
  }

  /// Returns the first of these that exists below the root.
  ///
  /// @throws DuovoxException of kind MISSING_INPUT that says what the layout has there
  Path require(String layout, String... candidates) {
    for (String candidate : candidates) {
      if (Files.exists(root.resolve(candidate))) {
        return root.resolve(candidate);
      }
    }
    throw DuovoxException.missing(
        "%s: is not in the layout of %s: it has no %s"
            .formatted(root, layout, String.join(" or ", candidates)));
  }

  /// Lists a folder by name; names that begin with a dot are left out.
  static List<Path> list(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw DuovoxException.badData(folder + ": is no folder");
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> !file.getFileName().toString().startsWith(".")).sorted().toList();
    } catch (IOException e) {
      throw DuovoxException.io("cannot list " + folder, e);
    } catch (UncheckedIOException e) {
      throw DuovoxException.io("cannot list " + folder, e.getCause());
    }
  }
}
