package org.duovox.eval.pairs;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.duovox.DuovoxException;
import org.duovox.eval.Bootstrap;
import org.duovox.eval.Estimate;
import org.duovox.io.Csv;

/// Scores of pairs of a good and a bad utterance, which several voices say: 1 when the good one is
/// likelier, 0.5 when both are equally likely, else 0; the mean over the voices of a pair, and the
/// mean over pairs.
final class PairScores {
  private static final System.Logger LOG = System.getLogger(PairScores.class.getName());

  /// A good and a bad row of the gold file, said by the same voice.
  record Said(Csv.Row good, Csv.Row bad, double score) {}

  private PairScores() {}

  /// Matches good and bad rows by their position among the good and the bad ones, as the official
  /// evaluator does, and scores them.
  ///
  /// @param keys columns that must be equal in both
  static List<Said> match(Csv gold, Map<String, Double> scores, List<String> keys) {
    List<Csv.Row> good = rows(gold, "1");
    List<Csv.Row> bad = rows(gold, "0");
    if (good.isEmpty()
        || good.size() != bad.size()
        || good.size() + bad.size() != gold.rows().size()) {
      throw DuovoxException.badData(
          "%s: has %d rows with correct = 1 and %d with correct = 0 of %d; every good row needs a bad one"
              .formatted(gold.source(), good.size(), bad.size(), gold.rows().size()));
    }
    int stem = gold.column("filename");
    List<Said> said = new ArrayList<>();
    for (int i = 0; i < good.size(); i++) {
      warnIfUnlike(gold, good.get(i), bad.get(i), keys);
      double a = scores.get(good.get(i).cells().get(stem));
      double b = scores.get(bad.get(i).cells().get(stem));
      said.add(new Said(good.get(i), bad.get(i), a > b ? 1 : a == b ? 0.5 : 0));
    }
    return said;
  }

  private static List<Csv.Row> rows(Csv gold, String correct) {
    int column = gold.column("correct");
    return gold.rows().stream()
        .filter(row -> row.cells().get(column).strip().matches(correct + "(\\.0)?"))
        .toList();
  }

  private static void warnIfUnlike(Csv gold, Csv.Row good, Csv.Row bad, List<String> keys) {
    for (String key : keys) {
      int column = gold.column(key);
      if (!good.cells().get(column).equals(bad.cells().get(column))) {
        LOG.log(
            System.Logger.Level.WARNING,
            "%s is compared with line %d, as the official evaluator does by their order, but their %s differ"
                .formatted(gold.at(good), bad.line(), key));
      }
    }
  }

  /// Groups what is said into pairs, ordered by these columns: by number where all are whole
  /// numbers.
  static Map<List<String>, List<Said>> byPair(Csv gold, List<Said> said, List<String> columns) {
    List<Integer> indices = columns.stream().map(gold::column).toList();
    Map<List<String>, List<Said>> pairs = new TreeMap<>(PairScores::compare);
    for (Said each : said) {
      List<String> key = indices.stream().map(i -> each.good().cells().get(i)).toList();
      pairs.computeIfAbsent(key, k -> new ArrayList<>()).add(each);
    }
    return pairs;
  }

  private static int compare(List<String> a, List<String> b) {
    for (int i = 0; i < a.size(); i++) {
      boolean numbers = a.get(i).matches("\\d{1,18}") && b.get(i).matches("\\d{1,18}");
      int order =
          numbers
              ? Long.compare(Long.parseLong(a.get(i)), Long.parseLong(b.get(i)))
              : a.get(i).compareTo(b.get(i));
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  /// Returns the mean score of one pair over its voices.
  static double mean(List<Said> voices) {
    return voices.stream().mapToDouble(Said::score).average().orElseThrow();
  }

  /// Estimates the mean over pairs, with an interval over pairs.
  static Estimate estimate(List<Double> scores, long seed) {
    return Bootstrap.seeded(seed).mean(scores.stream().mapToDouble(s -> s).toArray());
  }

  /// Returns a table `NAME,n,score,std` with four decimals, as the official evaluator writes it.
  static String table(String name, Map<String, GroupScore> groups) {
    StringBuilder text = new StringBuilder(name + ",n,score,std\n");
    groups.forEach((label, group) ->
        text.append(
            "%s,%d,%s,%s\n"
                .formatted(
                    cell(label), group.n(), decimals(group.score()), decimals(group.std()))));
    return text.toString();
  }

  /// Returns a number with four decimals; nothing for NaN.
  static String decimals(double value) {
    return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%.4f", value);
  }

  /// Returns a text as a cell of a CSV table.
  static String cell(String text) {
    boolean quoted = text.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return quoted ? '"' + text.replace("\"", "\"\"") + '"' : text;
  }

  /// Groups scores by a label, in the order of the labels given.
  static Map<String, GroupScore> groups(
      List<String> order, List<String> labels, List<Double> scores) {
    Map<String, List<Double>> members = new LinkedHashMap<>();
    order.forEach(label -> members.put(label, new ArrayList<>()));
    for (int i = 0; i < labels.size(); i++) {
      if (members.containsKey(labels.get(i))) {
        members.get(labels.get(i)).add(scores.get(i));
      }
    }
    Map<String, GroupScore> groups = new LinkedHashMap<>();
    members.forEach((label, values) -> groups.put(label, GroupScore.of(values)));
    return groups;
  }
}
