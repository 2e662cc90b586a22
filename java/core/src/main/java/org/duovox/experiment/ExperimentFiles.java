package org.duovox.experiment;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.duovox.DuovoxException;
import org.duovox.Versions;
import org.duovox.eval.compare.Effect;
import org.duovox.eval.compare.ItemScore;
import org.duovox.eval.compare.TwoLevelBootstrap;
import org.duovox.io.Present;
import org.duovox.io.atomic.AtomicFiles;
import org.duovox.io.json.Json;
import org.duovox.recipe.Results;
import org.duovox.recipe.TrainedRecipe.DevScore;

/// The files of an experiment: `experiment.json` (what was asked, what became of every cell),
/// `results.json`, `comparisons.json` and `comparisons.csv`. The last three hold neither times nor
/// paths: equal experiments have equal bytes.
public final class ExperimentFiles {
  /// Name of the file with the state of the cells.
  public static final String STATE = "experiment.json";

  /// Name of the file with the scores.
  public static final String RESULTS = "results.json";

  /// Name of the file with the comparisons.
  public static final String COMPARISONS = "comparisons.json";

  private static final String TABLE = "comparisons.csv";

  private ExperimentFiles() {}

  /// `experiment.json`.
  ///
  /// @param size of the grid that was chosen; "" where it has none
  /// @param axes names of the values, by axis
  /// @param tried settings of layer and channel that dev chose from
  /// @param jobs cells side by side
  public record State(
      String duovox,
      String name,
      String title,
      String question,
      String size,
      Map<String, List<String>> axes,
      Tried tried,
      double budgetHours,
      int jobs,
      List<CellState> cells) {
    public State {
      Present.require("duovox", duovox, "name", name, "title", title, "question", question);
      Present.require("size", size, "axes", axes, "cells", cells);
    }

    static State of(Experiment experiment, int jobs, Tried tried, List<CellState> cells) {
      Grid grid = experiment.grid();
      Map<String, List<String>> axes = new LinkedHashMap<>();
      grid.axes()
          .forEach(
              axis -> axes.put(axis.name(), axis.values().stream().map(Axis.Value::name).toList()));
      return new State(
          Versions.DUOVOX,
          grid.head().name(),
          grid.head().title(),
          grid.head().question(),
          grid.size(),
          axes,
          tried,
          grid.head().budgetHours(),
          jobs,
          cells);
    }

    void write(Path out) {
      AtomicFiles.write(out.resolve(STATE), Json.pretty(this));
    }

    /// Reads the file of a folder; empty where there is none, or one that cannot be read.
    static Optional<State> earlier(Path out) {
      try {
        return Files.isRegularFile(out.resolve(STATE))
            ? Optional.of(Json.read(out.resolve(STATE), State.class))
            : Optional.empty();
      } catch (DuovoxException e) {
        return Optional.empty();
      }
    }

    /// Reads the file of a folder.
    public static State read(Path out) {
      return Json.read(out.resolve(STATE), State.class);
    }
  }

  /// How much was tried before test was seen.
  ///
  /// @param arms that were compared
  /// @param settings layers and channels scored on dev, over all arms
  /// @param testScores how often words of test were scored: once for each cell, or never where dev
  ///   is all there is
  public record Tried(int arms, int settings, int testScores) {}

  /// A score of one cell: a row of `results.json`.
  ///
  /// @param axes values of the cell by axis
  /// @param split fold, `mean` over folds, or the words of `dev` or `test`
  /// @param setting layer and channel, where words were scored
  /// @param n items
  /// @param seed of the cell's trainings
  public record Row(
      String cell,
      Map<String, String> axes,
      String task,
      String dataset,
      String split,
      String system,
      String metric,
      Double value,
      Double low,
      Double high,
      long n,
      long seed,
      String setting) {
    public Row {
      Present.require("cell", cell, "axes", axes, "task", task, "dataset", dataset);
      Present.require("split", split, "system", system, "metric", metric);
    }

    static Row of(CellRun cell, Results.Row row) {
      return new Row(
          cell.cell().name(),
          cell.cell().values(),
          row.task(),
          row.dataset(),
          row.split(),
          row.system(),
          row.metric(),
          row.value(),
          row.low(),
          row.high(),
          row.n(),
          cell.cell().seed(),
          null);
    }

    static Row ofWords(CellRun cell, Metric metric, String dataset, Effect effect) {
      return new Row(
          cell.cell().name(),
          cell.cell().values(),
          "word meaning",
          dataset,
          cell.words().part(),
          cell.cell().system().label(),
          metric.label(),
          Finding.number(effect.value()),
          Finding.number(effect.low()),
          Finding.number(effect.high()),
          effect.items(),
          cell.cell().seed(),
          cell.state().setting().text());
    }
  }

  /// The score of an arm over its seeds.
  ///
  /// @param setting layer and channel that dev chose; null where words are not scored
  /// @param metric by which; of words the mean over all groups of pairs
  /// @param values by seed
  public record ArmRow(
      Map<String, String> axes,
      String metric,
      String setting,
      Double value,
      Double low,
      Double high,
      Double standardError,
      int seeds,
      int items,
      Map<String, Double> values) {
    public ArmRow {
      // A seed whose score is undefined has no value.
      Present.require(
          "axes", axes, "metric", metric, "values", values == null ? null : values.keySet());
    }
  }

  /// What a setting scored on dev, as mean over the seeds of an arm.
  public record DevRow(Map<String, String> axes, String setting, Double auc, Double spearman) {
    public DevRow {
      Present.require("axes", axes, "setting", setting);
    }
  }

  /// `results.json`.
  public record Scores(
      String duovox, String recipe, List<Row> results, List<ArmRow> arms, List<DevRow> dev) {
    public Scores {
      Present.require("results", results, "arms", arms, "dev", dev);
    }

    /// Reads the file of a folder.
    public static Scores read(Path out) {
      return Json.read(out.resolve(RESULTS), Scores.class);
    }
  }

  /// `comparisons.json`.
  public record Comparisons(
      String duovox, String experiment, String question, Tried tried, List<Finding> comparisons) {
    public Comparisons {
      Present.require("comparisons", comparisons);
    }

    /// Reads the file of a folder.
    public static Comparisons read(Path out) {
      return Json.read(out.resolve(COMPARISONS), Comparisons.class);
    }
  }

  /// Removes what was found before.
  static void discardResults(Path out) {
    for (String file : List.of(RESULTS, COMPARISONS, TABLE)) {
      AtomicFiles.discard(out.resolve(file));
    }
  }

  /// Writes the scores of all cells and arms.
  static void writeScores(Path out, Experiment experiment, List<Arm> arms, List<DevRow> dev) {
    TwoLevelBootstrap bootstrap = bootstrap(experiment);
    List<Row> rows = new ArrayList<>();
    List<ArmRow> armRows = new ArrayList<>();
    for (Arm arm : arms) {
      arm.cells().forEach(cell -> rows.addAll(rows(cell, bootstrap)));
      for (Metric metric : Metric.values()) {
        Map<String, ItemScore> scores = arm.scores(metric, null);
        if (!scores.isEmpty()) {
          armRows.add(row(arm, metric, scores, bootstrap));
        }
      }
    }
    AtomicFiles.write(
        out.resolve(RESULTS),
        Json.pretty(new Scores(Versions.DUOVOX, experiment.name(), rows, armRows, dev)));
  }

  static TwoLevelBootstrap bootstrap(Experiment experiment) {
    long seed = experiment.cells().getFirst().recipe().seed();
    return new TwoLevelBootstrap(experiment.grid().head().draws(), seed);
  }

  private static List<Row> rows(CellRun cell, TwoLevelBootstrap bootstrap) {
    if (!cell.state().isDone()) {
      return List.of();
    }
    List<Row> rows = new ArrayList<>();
    cell.trained().rows().forEach(row -> rows.add(Row.of(cell, row)));
    for (Metric metric : List.of(Metric.AUC, Metric.SPEARMAN)) {
      cell.scores(metric)
          .forEach((group, score) ->
              rows.add(Row.ofWords(cell, metric, group, bootstrap.score(List.of(score)))));
    }
    return rows;
  }

  private static ArmRow row(
      Arm arm, Metric metric, Map<String, ItemScore> scores, TwoLevelBootstrap bootstrap) {
    Effect effect = bootstrap.score(List.copyOf(scores.values()));
    Map<String, Double> values = new LinkedHashMap<>();
    scores.forEach((seed, score) -> values.put(seed, Finding.number(score.value())));
    return new ArmRow(
        arm.values(),
        metric.name().toLowerCase(Locale.ROOT),
        metric.ofWords() ? arm.setting().orElse(null) : null,
        Finding.number(effect.value()),
        Finding.number(effect.low()),
        Finding.number(effect.high()),
        Finding.number(effect.standardError()),
        effect.seeds(),
        effect.items(),
        values);
  }

  /// Writes the comparisons as JSON and as a table.
  static void writeFindings(Path out, Experiment experiment, Tried tried, List<Finding> findings) {
    String question = experiment.grid().head().question();
    Comparisons all =
        new Comparisons(Versions.DUOVOX, experiment.name(), question, tried, findings);
    AtomicFiles.write(out.resolve(COMPARISONS), Json.pretty(all));
    AtomicFiles.write(out.resolve(TABLE), Finding.csv(findings));
  }

  /// Returns the row of a setting that was tried on dev.
  static DevRow devRow(Map<String, String> axes, DevScore score) {
    return new DevRow(
        axes,
        score.setting().text(),
        Finding.number(score.auc()),
        Finding.number(score.spearman()));
  }
}
