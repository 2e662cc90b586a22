package org.duovox.world;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.duovox.DuovoxException;
import org.duovox.io.atomic.AtomicFiles;
import org.duovox.io.json.Json;
import tools.jackson.databind.JsonNode;

/// The settings that stand in a folder of spoken files, against those of a command: whether it may
/// go on there.
final class FolderSettings {
  private FolderSettings() {}

  /// Finds out whether a folder can be filled, and clears it if it may.
  ///
  /// @param replace removes what was made with other settings
  /// @param record the file that says that everything is there
  /// @return whether there is something to do
  /// @throws DuovoxException (CANNOT_CREATE) for other settings, and for a folder of other things
  static boolean prepare(Path out, Object settings, boolean replace, String record) {
    Optional<String> difference = difference(out, settings);
    if (difference.isEmpty()) {
      return true;
    }
    boolean other = !difference.get().isEmpty();
    if (replace || (other && isBarren(out, record))) {
      requireUnused(out);
      clear(out);
      return true;
    }
    if (other) {
      throw DuovoxException.cannotCreate(
          "%s was made with other settings: %s; name another folder, or replace it with --replace"
              .formatted(out, difference.get()),
          null);
    }
    return !Files.isRegularFile(out.resolve(record));
  }

  // Nothing when the folder is new, "" when the settings are the same.
  private static Optional<String> difference(Path out, Object settings) {
    AtomicFiles.requireNoFile(out);
    Path file = out.resolve(SpeechFolder.SETTINGS);
    if (Files.isRegularFile(file)) {
      return Optional.of(difference(Json.tree(file), Json.convert(settings)));
    }
    if (Files.isDirectory(out)) {
      try (Stream<Path> entries = Files.list(out)) {
        entries
            .findFirst()
            .ifPresent(first -> {
              throw DuovoxException.cannotCreate(
                  "%s holds %s and no %s: choose an empty or a new folder"
                      .formatted(out, first.getFileName(), SpeechFolder.SETTINGS),
                  null);
            });
      } catch (IOException e) {
        throw DuovoxException.cannotCreate("cannot look into the folder " + out, e);
      }
    }
    return Optional.empty();
  }

  private static String difference(JsonNode old, JsonNode now) {
    Map<String, JsonNode> before = Json.leaves(old);
    Map<String, JsonNode> after = Json.leaves(now);
    TreeSet<String> keys = new TreeSet<>(before.keySet());
    keys.addAll(after.keySet());
    for (String key : keys) {
      // As texts: a number that was read is not the kind of number that will be written.
      String was = shown(before, key);
      String is = shown(after, key);
      if (!was.equals(is)) {
        return "%s was %s and is %s now".formatted(key, was, is);
      }
    }
    return "";
  }

  private static String shown(Map<String, JsonNode> values, String key) {
    return values.containsKey(key) ? Json.line(values.get(key)) : "not there";
  }

  // What a command has left that failed before it spoke: nothing is lost with it.
  private static boolean isBarren(Path out, String record) {
    return !Files.exists(out.resolve(record))
        && out.resolve(SpeechFolder.JOURNAL).toFile().length() == 0;
  }

  private static void requireUnused(Path out) {
    Path file = out.resolve(SpeechFolder.JOURNAL);
    if (Files.exists(file)) {
      try (FileChannel journal = FileChannel.open(file, StandardOpenOption.WRITE)) {
        SpeechFolder.lock(out, journal);
      } catch (IOException e) {
        throw DuovoxException.cannotCreate("cannot write into " + out, e);
      }
    }
  }

  private static void clear(Path out) {
    try (Stream<Path> walk = Files.walk(out)) {
      for (Path path : walk.sorted((a, b) -> b.compareTo(a)).toList()) {
        if (!path.equals(out)) {
          Files.delete(path);
        }
      }
    } catch (IOException e) {
      throw DuovoxException.cannotCreate("cannot clear " + out, e);
    }
  }
}
