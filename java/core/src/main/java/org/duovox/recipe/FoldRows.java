package org.duovox.recipe;

import java.util.ArrayList;
import java.util.List;
import org.duovox.eval.Bootstrap;
import org.duovox.eval.Estimate;
import org.duovox.eval.Ssimi;
import org.duovox.recipe.Results.Row;

/// Rows of one task and system, fold by fold, and then their mean; with one fold the mean repeats
/// it.
final class FoldRows {
  private FoldRows() {}

  /// What stands behind one fold's row.
  sealed interface Scored {
    Row row();
  }

  /// A classifier: per test utterance, 1 when it was recognised, else 0. Folds have different
  /// utterances.
  record Hits(Row row, double[] hits) implements Scored {}

  /// Similarities: what the fold's model made of the pairs of words. All folds have the same pairs.
  record Pairs(Row row, PairScores.Group pairs) implements Scored {}

  /// The rows with the mean of the folds' figures.
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

  /// The interval of accuracies is over the utterances within each fold, that of similarities over
  /// the pairs, drawn once for all folds.
  private static Estimate mean(List<Scored> folds, long seed) {
    return switch (folds.getFirst()) {
      case Hits first ->
          Bootstrap.seeded(seed)
              .meanOfGroups(folds.stream().map(fold -> ((Hits) fold).hits()).toList());
      case Pairs first ->
          Ssimi.mean(
              first.pairs().judged(),
              folds.stream().map(fold -> ((Pairs) fold).pairs().measured()).toList(),
              seed);
    };
  }
}
