package org.duovox.cli.model;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.duovox.eval.ConfusionMatrix;
import org.duovox.report.Wording;

/// Prints confusion matrices: the whole table for few classes, the commonest confusions for many.
final class Confusions {
  private static final int MOST_TABULATED = 12;
  private static final int MOST_LISTED = 10;
  private static final int LABEL_WIDTH = 10;

  private Confusions() {}

  /// Prints the whole table for few classes, the commonest confusions for many.
  static void print(PrintWriter out, ConfusionMatrix matrix) {
    if (matrix.labels().size() <= MOST_TABULATED) {
      printTable(out, matrix);
    } else {
      printCommonest(out, matrix);
    }
  }

  private static void printTable(PrintWriter out, ConfusionMatrix matrix) {
    List<List<String>> rows = new ArrayList<>();
    List<String> head = new ArrayList<>(List.of("truth \\ predicted"));
    matrix.labels().forEach(label -> head.add(shortened(label)));
    head.add("recall");
    rows.add(head);
    int[][] counts = matrix.counts();
    for (int truth = 0; truth < counts.length; truth++) {
      List<String> row = new ArrayList<>(List.of(matrix.labels().get(truth)));
      for (int count : counts[truth]) {
        row.add(count == 0 ? "." : Integer.toString(count));
      }
      row.add(Wording.percent(matrix.recall(truth)));
      rows.add(row);
    }
    Wording.table(out, rows, true);
  }

  private static void printCommonest(PrintWriter out, ConfusionMatrix matrix) {
    record Confusion(String truth, String predicted, int count) {}
    List<Confusion> confusions = new ArrayList<>();
    int[][] counts = matrix.counts();
    for (int i = 0; i < counts.length; i++) {
      for (int j = 0; j < counts.length; j++) {
        if (i != j && counts[i][j] > 0) {
          confusions.add(
              new Confusion(matrix.labels().get(i), matrix.labels().get(j), counts[i][j]));
        }
      }
    }
    out.println(
        Wording.format(
            "%d classes; commonest confusions (--json has the whole matrix):", counts.length));
    List<List<String>> rows = new ArrayList<>();
    confusions.stream()
        .sorted(Comparator.comparingInt(Confusion::count).reversed())
        .limit(MOST_LISTED)
        .forEach(c ->
            rows.add(
                List.of(
                    "  " + c.truth(),
                    "taken for " + c.predicted(),
                    Wording.count(c.count(), "time"))));
    Wording.table(out, rows, false);
  }

  private static String shortened(String label) {
    return label.length() <= LABEL_WIDTH ? label : label.substring(0, LABEL_WIDTH - 1) + "…";
  }
}
