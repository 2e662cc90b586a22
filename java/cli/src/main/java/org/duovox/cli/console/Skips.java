package org.duovox.cli.console;

import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.duovox.report.Text;

/// Tells what was skipped: how many for which reason, and their names.
public final class Skips {
  private Skips() {}

  public static <T> void print(
      PrintWriter out, List<T> skipped, Function<T, String> id, Function<T, String> reason) {
    Map<String, List<String>> byReason =
        skipped.stream()
            .collect(
                Collectors.groupingBy(
                    reason, TreeMap::new, Collectors.mapping(id, Collectors.toList())));
    byReason.forEach(
        (why, ids) -> out.println(Text.of("skipped %d: %s: %s", ids.size(), why, Text.some(ids))));
  }
}
