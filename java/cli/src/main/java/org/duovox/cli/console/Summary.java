package org.duovox.cli.console;

import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.duovox.report.Wording;

/// The result of a verb: a record that becomes JSON and also prints itself for people.
public interface Summary {
  void print(PrintWriter out);

  /// Prints how many items were skipped for which reason, and their names.
  ///
  /// @param id name of an item
  /// @param reason why an item was skipped
  static <T> void printSkipped(
      PrintWriter out, List<T> skipped, Function<T, String> id, Function<T, String> reason) {
    Map<String, List<String>> byReason =
        skipped.stream()
            .collect(
                Collectors.groupingBy(
                    reason, TreeMap::new, Collectors.mapping(id, Collectors.toList())));
    byReason.forEach((why, ids) ->
        out.println(Wording.format("skipped %d: %s: %s", ids.size(), why, Wording.firstTen(ids))));
  }
}
