package org.duovox.report.chart;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.duovox.recipe.Results;
import org.duovox.recipe.Results.Row;
import org.duovox.report.Wording;

/// The rows of one task, dataset and metric: one main row per system, and its folds.
///
/// @param task of all rows
/// @param dataset of all rows
/// @param metric of all rows
/// @param split of the main rows: [Results#MEAN], or the first split where there is no mean of
///   several
/// @param mains one row per system, in the order of [Systems]
/// @param folds the rows of the other splits; none where there is one fold alone
public record ResultGroup(
    String task, String dataset, String metric, String split, List<Row> mains, List<Row> folds) {
  private static final Set<String> LOWER_IS_BETTER =
      Set.of("loss", "error", "wer", "perplexity", "abx");

  /// Groups rows; groups and folds keep the order of their first row.
  public static List<ResultGroup> of(List<Row> rows) {
    Map<List<String>, List<Row>> groups = new LinkedHashMap<>();
    for (Row row : rows) {
      groups
          .computeIfAbsent(
              List.of(row.task(), row.dataset(), row.metric()), key -> new ArrayList<>())
          .add(row);
    }
    return groups.values().stream().map(ResultGroup::group).toList();
  }

  private static ResultGroup group(List<Row> rows) {
    Row first = rows.getFirst();
    boolean isMean = rows.stream().anyMatch(ResultGroup::isMean) && !isOfOneFold(rows);
    String split = isMean ? Results.MEAN : first.split();
    Comparator<Row> order = Comparator.comparingInt(row -> Systems.order(row.system()));
    List<Row> mains = new ArrayList<>();
    List<Row> folds = new ArrayList<>();
    for (Row row : rows) {
      boolean seen = mains.stream().anyMatch(main -> main.system().equals(row.system()));
      (row.split().equals(split) && !seen ? mains : folds).add(row);
    }
    if (!isMean) {
      folds.removeIf(ResultGroup::isMean); // That of one fold says nothing new.
    }
    mains.sort(order);
    return new ResultGroup(first.task(), first.dataset(), first.metric(), split, mains, folds);
  }

  private static boolean isMean(Row row) {
    return row.split().equals(Results.MEAN);
  }

  /// Whether the means are those of a single fold, value for value.
  private static boolean isOfOneFold(List<Row> rows) {
    Map<String, Double> values = new HashMap<>();
    List<Row> folds = rows.stream().filter(row -> !isMean(row)).toList();
    folds.forEach(row -> values.put(row.system(), row.value()));
    return folds.stream().map(Row::split).distinct().count() == 1
        && rows.stream()
            .filter(ResultGroup::isMean)
            .allMatch(row -> Objects.equals(row.value(), values.get(row.system())));
  }

  /// Returns what was evaluated, on which data, by which metric.
  public String title() {
    return task + ", " + dataset + ": " + metric;
  }

  /// Returns whether there is anything to draw.
  public boolean isDefined() {
    return mains.stream().anyMatch(row -> Double.isFinite(row.number()));
  }

  /// Returns the systems of the main rows and of folds without one, in order.
  public List<String> systems() {
    return Stream.concat(mains.stream(), folds.stream())
        .map(Row::system)
        .distinct()
        .sorted(Comparator.comparingInt(Systems::order))
        .toList();
  }

  /// Returns the splits of the folds, in order.
  public List<String> splits() {
    return folds.stream().map(Row::split).distinct().toList();
  }

  /// Returns the main row of a system, or null.
  public Row main(String system) {
    return find(mains, split, system);
  }

  /// Returns the row of a fold and a system, or null.
  public Row fold(String fold, String system) {
    return find(folds, fold, system);
  }

  /// Returns whether a row has the best of several main values.
  public boolean isBest(Row row) {
    double sign = LOWER_IS_BETTER.contains(metric) ? -1 : 1;
    return mains.size() > 1
        && mains.stream().noneMatch(main -> sign * main.number() > sign * row.number())
        && Double.isFinite(row.number());
  }

  /// Formats a value and its interval: `0.973 [0.961, 0.982]`.
  public String format(Row row) {
    return value(row) + interval(row);
  }

  /// Formats the value with as many decimals as its size deserves: three for shares, two for
  /// percentages.
  public String value(Row row) {
    return Wording.fixed(row.number(), decimals());
  }

  /// Formats the interval as ` [0.961, 0.982]`; nothing where there is none.
  public String interval(Row row) {
    return row.hasInterval()
        ? " [%s, %s]"
            .formatted(Wording.fixed(row.low(), decimals()), Wording.fixed(row.high(), decimals()))
        : "";
  }

  private int decimals() {
    boolean shares =
        Stream.concat(mains.stream(), folds.stream())
            .mapToDouble(Row::number)
            .noneMatch(value -> Math.abs(value) > 1.5);
    return shares ? 3 : 2;
  }

  private static Row find(List<Row> rows, String split, String system) {
    return rows.stream()
        .filter(row -> row.split().equals(split) && row.system().equals(system))
        .findFirst()
        .orElse(null);
  }
}
