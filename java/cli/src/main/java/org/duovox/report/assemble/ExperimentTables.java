package org.duovox.report.assemble;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.duovox.experiment.CellState;
import org.duovox.experiment.ExperimentFiles.ArmRow;
import org.duovox.experiment.ExperimentFiles.DevRow;
import org.duovox.experiment.ExperimentFiles.Row;
import org.duovox.experiment.ExperimentFiles.Scores;
import org.duovox.experiment.ExperimentFiles.State;
import org.duovox.experiment.Finding;
import org.duovox.recipe.Results;
import org.duovox.report.page.DataTable;

/// What an experiment scored and found, as tables.
record ExperimentTables(State state, Arms arms, List<Finding> findings, Scores scores) {
  /// Returns the comparisons as a table.
  DataTable comparisons() {
    List<List<Object>> rows = new ArrayList<>();
    for (Finding f : findings) {
      rows.add(
          Arrays.asList(
              arms.against(f.of(), f.against()),
              f.metric(),
              f.dataset() == null ? "all" : f.dataset(),
              f.ofValue(),
              f.againstValue(),
              f.effect(),
              f.low(),
              f.high(),
              f.holm(),
              f.detectable(),
              f.verdict().label(),
              f.seeds(),
              f.items(),
              f.question()));
    }
    return new DataTable(
        "effects",
        "Comparisons",
        List.of(
            "comparison",
            "score",
            "data",
            "of",
            "against",
            "effect",
            "low",
            "high",
            "p_holm",
            "detectable",
            "verdict",
            "seeds",
            "items",
            "question"),
        rows);
  }

  /// Returns the arms as a table.
  DataTable armTable() {
    List<List<Object>> rows = new ArrayList<>();
    for (ArmRow arm : scores.arms()) {
      rows.add(
          Arrays.asList(
              arms.name(arm.axes()),
              ExperimentScores.label(arm.metric()),
              arm.value(),
              arm.low(),
              arm.high(),
              arm.standardError(),
              arm.seeds(),
              arm.items(),
              arm.setting()));
    }
    return new DataTable(
        "arms",
        "Scores over seeds",
        List.of(
            "arm", "score", "value", "low", "high", "standard_error", "seeds", "items", "setting"),
        rows);
  }

  /// Returns what every layer and channel scored on dev.
  DataTable choices() {
    List<List<Object>> rows = new ArrayList<>();
    for (DevRow dev : scores.dev()) {
      rows.add(Arrays.asList(arms.name(dev.axes()), dev.setting(), dev.auc(), dev.spearman()));
    }
    return new DataTable(
        "dev", "Layers and channels on dev", List.of("arm", "setting", "auc", "spearman"), rows);
  }

  /// Returns the cells with their scores as a table.
  DataTable cells() {
    Set<String> columns = new LinkedHashSet<>();
    Map<String, Map<String, Double>> byCell = new LinkedHashMap<>();
    for (Row row : scores.results()) {
      boolean fold = scores.results().stream().anyMatch(other -> isMeanOf(other, row));
      if (!fold) {
        String column = row.dataset() + " " + row.task() + " " + row.metric();
        columns.add(column);
        byCell.computeIfAbsent(row.cell(), key -> new LinkedHashMap<>()).put(column, row.value());
      }
    }
    List<List<Object>> rows = new ArrayList<>();
    for (CellState cell : state.cells()) {
      List<Object> row = new ArrayList<>(List.of(cell.name(), state(cell)));
      row.add(cell.seconds());
      row.add(cell.setting() == null ? null : cell.setting().text());
      Map<String, Double> values = byCell.getOrDefault(cell.name(), Map.of());
      columns.forEach(column -> row.add(values.get(column)));
      rows.add(row);
    }
    List<String> names = new ArrayList<>(List.of("cell", "state", "seconds", "setting"));
    names.addAll(columns);
    return new DataTable("cells", "Table of cells", names, rows);
  }

  private static boolean isMeanOf(Row mean, Row row) {
    return mean.split().equals(Results.MEAN)
        && !row.split().equals(Results.MEAN)
        && mean.cell().equals(row.cell())
        && mean.task().equals(row.task())
        && mean.dataset().equals(row.dataset());
  }

  private static String state(CellState cell) {
    return cell.state().name().toLowerCase(Locale.ROOT);
  }
}
