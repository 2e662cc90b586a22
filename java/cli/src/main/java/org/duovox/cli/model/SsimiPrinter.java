package org.duovox.cli.model;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.duovox.eval.Centering;
import org.duovox.eval.Estimate;
import org.duovox.eval.SsimiResult;
import org.duovox.eval.ssimi.Selection;
import org.duovox.report.Wording;

/// Scores of word pairs as tables for people.
final class SsimiPrinter {
  private static final int LISTED = 5;

  private final PrintWriter out;

  SsimiPrinter(PrintWriter out) {
    this.out = out;
  }

  /// Prints the scores of one distance and pooling with their intervals.
  ///
  /// @param subset in front of the headline; may be empty
  void one(String subset, SsimiResult result) {
    boolean centered = result.centering() != Centering.NONE;
    out.println(
        "%ssSIMI, 100 x Spearman's correlation; %s distance, %s pooling%s"
            .formatted(
                subset.isEmpty() ? "" : subset + ": ",
                result.metric().label(),
                result.pooling().label(),
                centered ? ", centered by " + result.centering().label() : ""));
    List<List<String>> rows = new ArrayList<>();
    List<String> head =
        new ArrayList<>(List.of("dataset", "score", "95 % interval", "over words", "pairs"));
    if (!result.areas().isEmpty()) {
      head.addAll(List.of("AUC", "over words"));
    }
    rows.add(head);
    result.estimates().keySet().forEach(group -> rows.add(row(result, group)));
    result.overall().keySet().forEach(type -> rows.addAll(means(result, type)));
    Wording.table(out, rows, true);
  }

  private static List<String> row(SsimiResult result, String group) {
    Estimate estimate = result.estimates().get(group);
    Estimate words = result.words().correlations().get(group);
    List<String> row =
        new ArrayList<>(
            List.of(
                group,
                score(estimate.value()),
                interval(estimate),
                interval(words),
                Integer.toString(estimate.n())));
    if (!result.areas().isEmpty()) {
      row.addAll(area(result, group));
    }
    return row;
  }

  private static List<List<String>> means(SsimiResult result, String type) {
    SsimiResult.Overall of = result.overall().get(type);
    String pairs = Integer.toString(of.pairs());
    String mean = interval(result.words().means().get(type));
    String weighted = interval(result.words().weighted().get(type));
    return List.of(
        List.of(type + ", mean", score(of.mean()), "", mean, pairs),
        List.of(type + ", weighted mean", score(of.weighted()), "", weighted, pairs));
  }

  private static List<String> area(SsimiResult result, String group) {
    Estimate area = result.areas().get(group);
    if (area == null) {
      return List.of("-", "-");
    }
    Estimate words = result.words().areas().get(group);
    boolean known = !Double.isNaN(words.low());
    return List.of(
        Double.isNaN(area.value()) ? "undefined" : Wording.format("%.4f", area.value()),
        known ? Wording.format("%.3f to %.3f", words.low(), words.high()) : "-");
  }

  /// Prints a table per dataset: a row per distance, a column per pooling.
  void matrices(List<SsimiResult> results) {
    List<String> poolings = results.stream().map(r -> r.pooling().label()).distinct().toList();
    for (String group : results.getFirst().estimates().keySet()) {
      Map<String, List<String>> rows = new LinkedHashMap<>();
      List<String> head = new ArrayList<>(List.of(group));
      head.addAll(poolings);
      for (SsimiResult result : results) {
        String name = result.metric().label();
        rows.computeIfAbsent(name, key -> new ArrayList<>(List.of(key)))
            .add(score(result.estimates().get(group).value()));
      }
      List<List<String>> table = new ArrayList<>(List.of(head));
      table.addAll(rows.values());
      Wording.table(out, table, true);
      out.println();
    }
    out.println("sSIMI, 100 x Spearman's correlation; rows are distances, columns poolings");
  }

  /// Prints the best that were tried on dev, how many there were, and the scores of the chosen one.
  void selection(Selection selection) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("best on dev, by " + Wording.optionName(selection.by()), "score"));
    selection.candidates().stream()
        .limit(LISTED)
        .forEach(c -> rows.add(List.of(c.label(), score(c.score()))));
    Wording.table(out, rows, true);
    out.println(
        "tried %s on dev, %d of them undefined; chosen: %s"
            .formatted(
                Wording.count(selection.tried(), "combination"),
                selection.undefined(),
                selection.chosen().label()));
    out.println();
    one("dev (the best of " + selection.tried() + ", so better than it is)", selection.dev());
    if (selection.test() != null) {
      out.println();
      one("test, scored once", selection.test());
    }
  }

  private static String score(double value) {
    return Double.isNaN(value) ? "undefined" : Wording.format("%.4f", value);
  }

  private static String interval(Estimate e) {
    return Double.isNaN(e.low()) ? "-" : Wording.format("%.2f to %.2f", e.low(), e.high());
  }
}
