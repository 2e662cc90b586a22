package org.duovox.recipe;

import java.nio.file.Path;
import java.util.List;
import org.duovox.Versions;
import org.duovox.eval.Estimate;
import org.duovox.io.Present;
import org.duovox.io.atomic.AtomicFiles;
import org.duovox.io.json.Json;

/// The figures of a run as `results.json` holds them.
///
/// @param duovox version that wrote them
/// @param recipe name of the recipe
public record Results(String duovox, String recipe, List<Row> results) {
  public Results {
    Present.require("duovox", duovox, "recipe", recipe, "results", results);
  }

  /// One figure: a row per fold (`split` names it) and the row whose split is `mean`.
  ///
  /// @param system `dual`, `contextual`, `phonetic` or `joint`
  /// @param value the figure; null where it is undefined
  /// @param low lower end of the 95 % interval
  /// @param high upper end of the 95 % interval
  /// @param n utterances or pairs behind the figure
  /// @param seed of the bootstrap
  public record Row(
      String task,
      String dataset,
      String split,
      String system,
      String metric,
      Double value,
      Double low,
      Double high,
      long n,
      long seed) {
    public Row {
      Present.require("task", task, "dataset", dataset, "split", split);
      Present.require("system", system, "metric", metric);
    }

    /// Returns the row of an estimate; what is not a number becomes null.
    static Row of(
        String task, String dataset, String split, String system, String metric, Estimate e) {
      return new Row(
          task,
          dataset,
          split,
          system,
          metric,
          finite(e.value()),
          finite(e.low()),
          finite(e.high()),
          e.n(),
          e.seed());
    }

    /// Returns the figure; NaN where it is undefined.
    public double number() {
      return value == null ? Double.NaN : value;
    }

    /// Returns whether both ends of the interval are known.
    public boolean hasInterval() {
      return low != null && high != null && Double.isFinite(low) && Double.isFinite(high);
    }

    private static Double finite(double value) {
      return Double.isFinite(value) ? value : null;
    }
  }

  /// The split of a mean over folds.
  public static final String MEAN = "mean";

  /// Returns the results of a recipe, written by this version.
  public static Results of(String recipe, List<Row> rows) {
    return new Results(Versions.DUOVOX, recipe, List.copyOf(rows));
  }

  /// Writes `results.json` into a folder.
  public void write(Path folder) {
    AtomicFiles.write(folder.resolve("results.json"), Json.pretty(this));
  }

  /// Reads `results.json` of a folder.
  public static Results read(Path folder) {
    return Json.read(folder.resolve("results.json"), Results.class);
  }
}
