package org.duovox.recipe;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/// The record of a finished stage, `stages/NAME.json`. Records of early versions have a key alone,
/// which no longer fits.
///
/// @param name of the stage and its folder, see [StageName]
/// @param key hash of everything that decides on the stage's output
/// @param versions of what made it: `duovox`, `libtorch`, and what else it ran on
/// @param seconds that it took
/// @param settings hash of the settings
/// @param inputs keys of the stages that it read, by name
public record StageRecord(
    String name,
    String key,
    double seconds,
    Map<String, String> versions,
    String settings,
    Map<String, String> inputs) {
  public StageRecord {
    versions = versions == null ? Map.of() : Map.copyOf(versions);
    settings = settings == null ? "" : settings;
    inputs = inputs == null ? Map.of() : Map.copyOf(inputs);
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
    return reasons.isEmpty() ? "its form changed" : String.join("; ", reasons);
  }
}
