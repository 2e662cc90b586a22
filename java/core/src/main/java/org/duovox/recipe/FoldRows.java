package org.duovox.recipe;

import java.util.ArrayList;
import java.util.List;
import org.duovox.eval.Bootstrap;
import org.duovox.eval.Estimate;
import org.duovox.recipe.Results.Row;

/// The mean over folds: of the folds' accuracies, with an interval over the utterances within each
/// fold.
final class FoldRows {
  private FoldRows() {}

  /// One fold's row and, per test utterance, 1 when it was recognised, else 0.
  record Scored(Row row, double[] hits) {}

  /// Rows of one task and system, fold by fold, and then their mean; with one fold the mean repeats
  /// it.
  static List<Row> withMean(List<Scored> folds, long seed) {
    Row first = folds.getFirst().row();
    Estimate mean = Bootstrap.seeded(seed).meanOfGroups(folds.stream().map(Scored::hits).toList());
    List<Row> rows = new ArrayList<>(folds.stream().map(Scored::row).toList());
    rows.add(
        Row.of(first.task(), first.dataset(), Results.MEAN, first.system(), first.metric(), mean));
    return rows;
  }
}
