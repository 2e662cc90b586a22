package org.duovox.report.assemble;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.duovox.recipe.Predictions;
import org.duovox.report.page.DataTable;
import org.duovox.slu.Prediction;

/// The classes that classifiers take for each other most, summed over folds and seeds.
final class Confusions {
  private static final String COLUMN = "confused";

  private record Error(String classifier, String said, String recognized) {}

  private final List<String> systems = new ArrayList<>();
  // By error, then system.
  private final Map<Error, Map<String, Integer>> counts = new LinkedHashMap<>();
  private final Map<List<String>, Integer> said =
      new TreeMap<>(Comparator.comparing(List::toString));

  /// Adds the answers of a classifier.
  ///
  /// @param stage folder with its predictions; one without is left out
  void add(String system, String classifier, Path stage) {
    if (!Files.isRegularFile(stage.resolve(Predictions.FILE))) {
      return;
    }
    if (!systems.contains(system)) {
      systems.add(system);
    }
    for (Prediction answer : Predictions.read(stage).predictions()) {
      said.merge(List.of(system, classifier, answer.gold()), 1, Integer::sum);
      if (!answer.correct()) {
        counts
            .computeIfAbsent(
                new Error(classifier, answer.gold(), answer.predicted()),
                key -> new LinkedHashMap<>())
            .merge(system, 1, Integer::sum);
      }
    }
  }

  private List<Error> mostFirst() {
    return counts.keySet().stream()
        .sorted(
            Comparator.comparingInt((Error error) -> -total(error))
                .thenComparing(Error::classifier)
                .thenComparing(Error::said)
                .thenComparing(Error::recognized))
        .toList();
  }

  private int total(Error error) {
    return counts.get(error).values().stream().mapToInt(count -> count).sum();
  }

  /// Returns a row per error and a column per system, most frequent errors first.
  DataTable table() {
    List<String> columns = new ArrayList<>(List.of("said", "recognized", "classifier"));
    columns.addAll(systems);
    List<List<Object>> rows = new ArrayList<>();
    for (Error error : mostFirst()) {
      List<Object> row =
          new ArrayList<>(List.of(error.said(), error.recognized(), error.classifier()));
      for (String system : systems) {
        int of = said.getOrDefault(List.of(system, error.classifier(), error.said()), 0);
        int count = counts.get(error).getOrDefault(system, 0);
        row.add(of == 0 ? null : "%d of %d".formatted(count, of));
      }
      rows.add(row);
    }
    return new DataTable(COLUMN, "Classes taken for each other", columns, rows);
  }

  /// Returns a row per error and system, with counts.
  DataTable data() {
    List<List<Object>> rows = new ArrayList<>();
    for (Error error : mostFirst()) {
      counts
          .get(error)
          .forEach((system, count) ->
              rows.add(
                  List.of(
                      system,
                      error.classifier(),
                      error.said(),
                      error.recognized(),
                      count,
                      said.get(List.of(system, error.classifier(), error.said())))));
    }
    return new DataTable(
        COLUMN,
        "Classes taken for each other",
        List.of("system", "classifier", "said", "recognized", "count", "of"),
        rows);
  }
}
