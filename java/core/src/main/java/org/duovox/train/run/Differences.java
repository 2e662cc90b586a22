package org.duovox.train.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.duovox.io.json.Json;
import tools.jackson.databind.JsonNode;

/// Lists the differences between two JSON documents of settings, key by key.
public final class Differences {
  private static final int LISTED = 8;

  private Differences() {}

  /// Returns one text for each key whose values differ, e.g. `learning_rate is 0.001 here, 0.01
  /// there`.
  public static List<String> between(JsonNode here, JsonNode there) {
    Map<String, JsonNode> first = Json.leaves(here);
    Map<String, JsonNode> second = Json.leaves(there);
    TreeSet<String> keys = new TreeSet<>(first.keySet());
    keys.addAll(second.keySet());
    List<String> texts = new ArrayList<>();
    for (String key : keys) {
      String mine = text(first.get(key));
      String other = text(second.get(key));
      if (!mine.equals(other)) {
        texts.add("%s is %s here, %s there".formatted(key, mine, other));
      }
    }
    return texts;
  }

  /// Returns the first few of them in one line.
  public static String text(List<String> differences) {
    String list = String.join("; ", differences.subList(0, Math.min(LISTED, differences.size())));
    return differences.size() <= LISTED
        ? list
        : list + "; and " + (differences.size() - LISTED) + " more";
  }

  private static String text(JsonNode value) {
    return value == null ? "not set" : value.toString();
  }
}
