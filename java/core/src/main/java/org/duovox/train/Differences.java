package org.duovox.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/// Names what differs between two settings, key by key.
public final class Differences {
  private static final int LISTED = 8;

  private Differences() {}

  /// One text for each key whose values differ, e.g. `learning_rate is 0.001 here, 0.01 there`.
  public static List<String> between(JsonNode here, JsonNode there) {
    TreeMap<String, String> first = new TreeMap<>();
    TreeMap<String, String> second = new TreeMap<>();
    flatten("", here, first);
    flatten("", there, second);
    TreeMap<String, String> keys = new TreeMap<>(first);
    second.forEach(keys::putIfAbsent);
    List<String> texts = new ArrayList<>();
    for (String key : keys.keySet()) {
      String mine = first.getOrDefault(key, "not set");
      String other = second.getOrDefault(key, "not set");
      if (!mine.equals(other)) {
        texts.add("%s is %s here, %s there".formatted(key, mine, other));
      }
    }
    return texts;
  }

  /// The first few in one line.
  public static String text(List<String> differences) {
    String list = String.join("; ", differences.subList(0, Math.min(LISTED, differences.size())));
    return differences.size() <= LISTED
        ? list
        : list + "; and " + (differences.size() - LISTED) + " more";
  }

  private static void flatten(String key, JsonNode node, Map<String, String> out) {
    if (node.isObject()) {
      node.properties()
          .forEach(entry ->
              flatten(
                  key.isEmpty() ? entry.getKey() : key + "." + entry.getKey(),
                  entry.getValue(),
                  out));
    } else {
      out.put(key, node.toString());
    }
  }
}
