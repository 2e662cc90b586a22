package org.duovox.experiment;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.duovox.eval.compare.ItemScore;

/// The cells of a grid that differ in their seeds alone, after they ran.
///
/// @param values by axis
/// @param cells in the order of the seeds
record Arm(Map<String, String> values, List<CellRun> cells) {
  /// Returns the scores of the finished cells by seed.
  ///
  /// @param dataset part of the name of the data sets that count; null: all, averaged
  Map<String, ItemScore> scores(Metric metric, String dataset) {
    Map<String, ItemScore> scores = new LinkedHashMap<>();
    for (CellRun cell : cells) {
      List<ItemScore> each = new ArrayList<>();
      cell.scores(metric)
          .forEach((name, score) -> {
            if (dataset == null || !metric.ofWords() || name.contains(dataset)) {
              each.add(score);
            }
          });
      if (!each.isEmpty()) {
        scores.put(seed(cell), new ItemScore.Average(each));
      }
    }
    return scores;
  }

  /// Returns the words that its cells scored, of which two arms must have the same to be compared.
  List<String> items(Metric metric) {
    return cells.stream()
        .map(cell -> cell.items(metric))
        .filter(words -> !words.isEmpty())
        .findFirst()
        .orElse(List.of());
  }

  private static String seed(CellRun cell) {
    return cell.cell().values().getOrDefault(Axis.SEED, Long.toString(cell.cell().seed()));
  }

  /// Returns the label of the setting that was chosen on dev; empty where none was.
  Optional<String> setting() {
    return cells.stream()
        .map(cell -> cell.state().setting())
        .filter(setting -> setting != null)
        .map(setting -> setting.text())
        .findFirst();
  }
}
