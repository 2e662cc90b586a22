package org.duovox.experiment;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.duovox.DuovoxException;
import org.duovox.eval.compare.PairScore.Statistic;
import org.duovox.eval.compare.TwoLevelBootstrap;

/// A grid as its file tells it: a recipe, what varies, and what is compared.
///
/// @param file of the grid
/// @param size that was chosen; "" where the grid has none
/// @param base file of the recipe
/// @param settings of every cell
/// @param axes what varies; the last varies fastest, `seed` slowest
/// @param places of the comparisons, in their order
record Grid(
    Path file,
    String size,
    Path base,
    List<Axis.Setting> settings,
    List<Axis> axes,
    Head head,
    List<String> places) {
  /// The most cells of a grid.
  static final int MOST_CELLS = 10_000;

  /// The plain keys of the file.
  ///
  /// @param name short name, part of the results
  /// @param title a line for people
  /// @param question that the grid answers, in plain words
  /// @param base recipe of all cells, relative to the grid's file
  /// @param select statistic by which layer and channel are chosen on dev
  /// @param comparisons what is compared with what
  /// @param budgetHours after which no further cell is begun; 0: none
  /// @param jobs cells side by side; 0: as many as the cores have threads for
  /// @param threads of each cell; 0: those of the recipe
  /// @param draws resamples of a comparison
  record Head(
      String name,
      String title,
      String question,
      String base,
      Statistic select,
      List<Comparison> comparisons,
      double budgetHours,
      int jobs,
      int threads,
      int draws) {
    Head {
      require(
          name == null || name.matches("[A-Za-z0-9._-]+"),
          "name: letters, digits, '.', '_' and '-' only");
      require(budgetHours >= 0, "budget_hours must be 0 (none) or more");
      require(jobs >= 0 && jobs <= 1024, "jobs must be 0 (automatic) to 1024");
      require(threads >= 0 && threads <= 1024, "threads must be 0 (the recipe's) to 1024");
      require(draws >= 100 && draws <= 1_000_000, "draws must be 100 to 1000000");
      select = select == null ? Statistic.AUC : select;
      title = title == null ? "" : title;
      question = question == null ? "" : question;
      comparisons = comparisons == null ? List.of() : List.copyOf(comparisons);
    }

    static Head defaults() {
      return new Head(
          null, "", "", null, Statistic.AUC, List.of(), 0, 0, 0, TwoLevelBootstrap.DEFAULT_DRAWS);
    }

    private static void require(boolean condition, String rule) {
      if (!condition) {
        throw DuovoxException.config(rule);
      }
    }
  }

  /// Returns where a comparison stands, for messages.
  String place(Comparison comparison) {
    return places.get(head.comparisons().indexOf(comparison)) + ": comparisons";
  }

  /// Which cells are compared with which, by what.
  ///
  /// @param question in plain words
  /// @param metric by which
  /// @param dataset part of the name of the groups of pairs that count; null: all, averaged
  /// @param of values of axes; `*` stands for every other value than that of `against`
  /// @param against values of the same axes
  /// @param where values of further axes; those that are not named are compared value by value
  record Comparison(
      String question,
      Metric metric,
      String dataset,
      Map<String, String> of,
      Map<String, String> against,
      Map<String, String> where) {
    /// The value that stands for all others.
    static final String OTHERS = "*";

    Comparison {
      metric = metric == null ? Metric.AUC : metric;
      question = question == null ? "" : question;
      of = texts(of);
      against = texts(against);
      where = texts(where);
    }

    /// Returns a map without nulls, which YAML has for a value that is left out.
    private static Map<String, String> texts(Map<String, String> map) {
      Map<String, String> texts = new LinkedHashMap<>();
      (map == null ? Map.<String, String>of() : map)
          .forEach((key, value) -> texts.put(key, value == null ? "" : value));
      return Collections.unmodifiableMap(texts);
    }

    /// Returns a comparison by AUC that names nothing yet.
    public static Comparison defaults() {
      return new Comparison(null, null, null, null, null, null);
    }
  }

  /// Returns the number of cells.
  long cells() {
    long count = 1;
    for (Axis axis : axes) {
      count = Math.min(Long.MAX_VALUE / 1_000_000, count) * axis.values().size();
    }
    return count;
  }
}
