package org.duovox.cli.recipe;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.duovox.recipe.Results;
import org.duovox.recipe.Results.Row;
import org.duovox.report.Wording;

/// Prints the table at the end of a run: a row per task, data set and split, a column per system,
/// 95 % intervals in brackets.
final class ResultsTable {
  private ResultsTable() {}

  static void print(PrintWriter out, List<Row> rows) {
    Set<String> systems = new LinkedHashSet<>();
    Map<String, Map<String, Row>> lines = new LinkedHashMap<>();
    for (Row row : rows) {
      systems.add(row.system());
      if (isRepeatedByMean(row, rows)) {
        continue;
      }
      String line = "%s  %s  %s".formatted(row.task(), row.dataset(), row.split());
      lines.computeIfAbsent(line, key -> new LinkedHashMap<>()).put(row.system(), row);
    }
    List<List<String>> table = new ArrayList<>();
    List<String> header = new ArrayList<>(List.of(""));
    header.addAll(systems);
    table.add(header);
    lines.forEach((line, cells) -> {
      List<String> texts = new ArrayList<>(List.of(line));
      systems.forEach(system -> texts.add(cell(cells.get(system))));
      table.add(texts);
    });
    Wording.table(out, table, true);
  }

  /// Returns whether the row is the only fold behind a mean, which then repeats it.
  private static boolean isRepeatedByMean(Row row, List<Row> rows) {
    Set<String> splits = new HashSet<>();
    for (Row other : rows) {
      if (other.task().equals(row.task()) && other.dataset().equals(row.dataset())) {
        splits.add(other.split());
      }
    }
    return splits.size() == 2 && splits.contains(Results.MEAN) && !row.split().equals(Results.MEAN);
  }

  private static String cell(Row row) {
    if (row == null || row.value() == null) {
      return "-";
    }
    boolean isShare = !row.metric().startsWith("100 x "); // An accuracy or an area.
    String format = isShare ? "%.3f [%.3f, %.3f]" : "%.1f [%.1f, %.1f]";
    if (row.low() == null || row.high() == null) {
      return Wording.format(isShare ? "%.3f" : "%.1f", row.value());
    }
    return Wording.format(format, row.value(), row.low(), row.high());
  }
}
