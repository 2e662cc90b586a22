package org.duovox.eval;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import org.duovox.io.json.Json;

/// The scores of one sSIMI evaluation.
///
/// @param metric the distance
/// @param pooling the pooling
/// @param estimates by `type/dataset` (sorted by type, then dataset): 100 x Spearman's correlation
///   of the distances with the negated human judgments, its 95 % interval over pairs, and the
///   number of pairs; NaN where undefined
/// @param pairs the score of every pair, in the order of pairs.csv
/// @param warnings what makes a correlation undefined, each naming the files or the group; empty
///   when all are defined
public record SsimiResult(
    Distance metric,
    Pooling pooling,
    Map<String, Estimate> estimates,
    List<PairScore> pairs,
    List<String> warnings) {

  /// The distance found for a pair of words beside the human judgment.
  public record PairScore(
      String type,
      String dataset,
      @JsonProperty("word_1") String word1,
      @JsonProperty("word_2") String word2,
      double human,
      double score) {}

  /// The means of one type over its datasets, as on the ZeroSpeech 2021 leader board.
  ///
  /// Computed from unrounded correlations; the official tool takes them from a table with 4
  /// decimals, so the last of its digits may differ.
  ///
  /// @param mean plain mean over datasets
  /// @param weighted mean weighted with the number of pairs
  /// @param pairs number of pairs
  public record Overall(double mean, double weighted, int pairs) {}

  /// Returns `type/dataset` to correlation x 100.
  public Map<String, Double> correlations() {
    Map<String, Double> correlations = new LinkedHashMap<>();
    estimates.forEach((group, estimate) -> correlations.put(group, estimate.value()));
    return correlations;
  }

  /// Returns the means of each type; NaN when one of its correlations is.
  public Map<String, Overall> overall() {
    Map<String, List<Estimate>> byType = new TreeMap<>();
    estimates.forEach((group, estimate) ->
        byType
            .computeIfAbsent(group.substring(0, group.indexOf('/')), t -> new ArrayList<>())
            .add(estimate));
    Map<String, Overall> overall = new LinkedHashMap<>();
    byType.forEach((type, group) -> {
      int pairs = group.stream().mapToInt(Estimate::n).sum();
      double mean = sum(group, Estimate::value) / group.size();
      double weighted = sum(group, e -> e.value() * e.n()) / pairs;
      overall.put(type, new Overall(mean, weighted, pairs));
    });
    return overall;
  }

  /// Returns `{"metric", "pooling", "correlations": {"type/dataset": value}, "pairs": [...]}`,
  /// indented; null where undefined.
  public String toJson() {
    return Json.pretty(new Form(metric.label(), pooling.label(), correlations(), pairs));
  }

  private static double sum(List<Estimate> group, ToDoubleFunction<Estimate> part) {
    return group.stream().mapToDouble(part).sum();
  }

  private record Form(
      String metric, String pooling, Map<String, Double> correlations, List<PairScore> pairs) {}
}
