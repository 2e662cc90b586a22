package org.duovox.recipe;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.duovox.eval.Bootstrap;
import org.duovox.eval.Estimate;
import org.duovox.eval.Ssimi;
import org.duovox.eval.Ssimi.SameClass;
import org.duovox.recipe.Results.Row;

/// The rows of `results.json`: those of each task and system fold by fold, and then their mean;
/// with one fold the mean repeats it.
final class FoldRows {
  private FoldRows() {}

  /// A row of one fold with the figures behind it.
  sealed interface Scored {
    Row row();
  }

  /// A classifier's row: per test utterance, 1 when it was recognized, else 0. Folds have different
  /// utterances.
  record Hits(Row row, double[] hits) implements Scored {}

  /// A row of sSIMI: distances of the pairs of words. All folds have the same pairs.
  record Pairs(Row row, SemanticSet.PairGroup pairs) implements Scored {}

  /// A row of areas under the ROC curve on the same pairs.
  record Areas(Row row, SemanticSet.PairGroup pairs, SameClass sameClass) implements Scored {}

  /// Returns the rows of all folds grouped by task, data and system, each group with its mean:
  /// those of the classifiers, then those of sSIMI.
  static List<Row> of(List<FoldRun.Outcome> outcomes, long seed) {
    Map<List<String>, List<Scored>> groups = new LinkedHashMap<>();
    Stream.concat(
            outcomes.stream().flatMap(outcome -> outcome.scored().stream()),
            outcomes.stream().flatMap(outcome -> outcome.semantic().stream()))
        .forEach(scored ->
            groups.computeIfAbsent(group(scored.row()), key -> new ArrayList<>()).add(scored));
    return groups.values().stream().flatMap(group -> withMean(group, seed).stream()).toList();
  }

  private static List<String> group(Row row) {
    return List.of(row.task(), row.dataset(), row.system());
  }

  /// Returns the rows of one group with the mean of the folds' figures.
  ///
  /// @param folds all of one kind
  static List<Row> withMean(List<Scored> folds, long seed) {
    Row first = folds.getFirst().row();
    List<Row> rows = new ArrayList<>(folds.stream().map(Scored::row).toList());
    rows.add(
        Row.of(
            first.task(),
            first.dataset(),
            Results.MEAN,
            first.system(),
            first.metric(),
            mean(folds, seed)));
    return rows;
  }

  /// Returns the mean with its interval: of accuracies by resampling utterances within each fold,
  /// of similarities by resampling pairs, once for all folds.
  private static Estimate mean(List<Scored> folds, long seed) {
    return switch (folds.getFirst()) {
      case Hits first ->
          Bootstrap.seeded(seed)
              .meanOfGroups(folds.stream().map(fold -> ((Hits) fold).hits()).toList());
      case Pairs first ->
          Ssimi.mean(
              first.pairs().judgments(),
              folds.stream().map(fold -> ((Pairs) fold).pairs().measured()).toList(),
              seed);
      case Areas first ->
          Ssimi.meanArea(
              first.pairs().judgments(),
              folds.stream().map(fold -> ((Areas) fold).pairs().measured()).toList(),
              first.sameClass(),
              seed);
    };
  }
}
