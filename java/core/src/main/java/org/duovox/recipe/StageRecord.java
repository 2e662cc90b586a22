package org.duovox.recipe;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.duovox.DuovoxException;

/// The record of a finished stage, `stages/NAME.json`. Records of early versions have a key alone,
/// which no longer fits.
///
/// @param name of the stage and its folder, see [StageName]
/// @param key hash of everything that decides on the stage's output
/// @param versions of what made it: `duovox`, `libtorch`, and what else it ran on
/// @param seconds that it took
/// @param settings hash of the settings
/// @param inputs keys of the stages that it read, by name
/// @param files sizes of the files in its folder, in bytes by path; empty in records of earlier
///   versions
public record StageRecord(
    String name,
    String key,
    double seconds,
    Map<String, String> versions,
    String settings,
    Map<String, String> inputs,
    Map<String, Long> files) {
  public StageRecord {
    versions = versions == null ? Map.of() : Map.copyOf(versions);
    settings = settings == null ? "" : settings;
    inputs = inputs == null ? Map.of() : Map.copyOf(inputs);
    files = files == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(files));
  }

  /// Returns the record of the stage when it has ended.
  StageRecord ended(double time, Path folder) {
    return new StageRecord(name, key, time, versions, settings, inputs, sizes(folder));
  }

  /// Whether the folder still has the files that the stage left in it, none of them cut; others may
  /// have been added.
  boolean isWhole(Path folder) {
    return sizes(folder).entrySet().containsAll(files.entrySet());
  }

  private static Map<String, Long> sizes(Path folder) {
    Map<String, Long> sizes = new TreeMap<>();
    if (Files.isDirectory(folder)) {
      try (Stream<Path> all = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
        for (Path file : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
          sizes.put(folder.relativize(file).toString(), Files.size(file));
        }
      } catch (IOException e) {
        throw DuovoxException.io("cannot read " + folder, e);
      } catch (UncheckedIOException e) {
        throw DuovoxException.io("cannot read " + folder, e.getCause());
      }
    }
    return sizes;
  }

  /// Returns in words why an earlier output of the stage cannot be reused.
  ///
  /// @param earlier empty when the stage did not end, or its record cannot be read
  String difference(Optional<StageRecord> earlier) {
    if (earlier.isEmpty()) {
      return "it was not finished";
    }
    StageRecord old = earlier.get();
    if (old.versions().isEmpty()) {
      return "an earlier version of Duovox made it";
    }
    List<String> reasons = new ArrayList<>();
    TreeSet<String> names = new TreeSet<>(old.versions().keySet());
    names.addAll(versions.keySet());
    for (String name : names) {
      String then = old.versions().getOrDefault(name, "none");
      String now = versions.getOrDefault(name, "none");
      if (!then.equals(now)) {
        reasons.add("%s is %s, was %s".formatted(name, now, then));
      }
    }
    if (!old.settings().equals(settings)) {
      reasons.add("its settings or its data changed");
    }
    for (Map.Entry<String, String> input : new TreeMap<>(inputs).entrySet()) {
      if (!input.getValue().equals(old.inputs().get(input.getKey()))) {
        reasons.add(input.getKey() + " is another");
      }
    }
    if (reasons.isEmpty()) {
      return old.key().equals(key) ? "files in its folder are missing or cut" : "its form changed";
    }
    return String.join("; ", reasons);
  }
}
