package org.duovox.recipe;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.duovox.recipe.StageCache.StageRecord;

/// Why an earlier output of a stage cannot stand for what is wanted, in words.
final class StageDifference {
  private StageDifference() {}

  /// @param earlier empty when the stage did not end, or its record cannot be read
  static String between(Optional<StageRecord> earlier, StageRecord wanted) {
    if (earlier.isEmpty()) {
      return "it was not finished";
    }
    StageRecord old = earlier.get();
    if (old.versions().isEmpty()) {
      return "an earlier version of Duovox made it";
    }
    List<String> reasons = new ArrayList<>();
    TreeSet<String> names = new TreeSet<>(old.versions().keySet());
    names.addAll(wanted.versions().keySet());
    for (String name : names) {
      String before = old.versions().getOrDefault(name, "none");
      String now = wanted.versions().getOrDefault(name, "none");
      if (!before.equals(now)) {
        reasons.add("%s is %s, was %s".formatted(name, now, before));
      }
    }
    if (!old.settings().equals(wanted.settings())) {
      reasons.add("its settings or its data changed");
    }
    for (Map.Entry<String, String> input : new TreeMap<>(wanted.inputs()).entrySet()) {
      if (!input.getValue().equals(old.inputs().get(input.getKey()))) {
        reasons.add(input.getKey() + " is another");
      }
    }
    return reasons.isEmpty() ? "its form changed" : String.join("; ", reasons);
  }
}
