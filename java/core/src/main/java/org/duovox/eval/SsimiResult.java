package org.duovox.eval;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.duovox.io.json.Json;

/// The scores of one sSIMI evaluation.
///
/// @param metric the distance
/// @param pooling the pooling
/// @param centering which mean was taken off the vectors
/// @param estimates by `type/dataset` (sorted by type, then dataset): 100 x Spearman's correlation
///   of the distances with the negated human judgments, its 95 % interval over pairs, and the
///   number of pairs; NaN where undefined
/// @param words the same scores with intervals over words
/// @param areas under the ROC curve for pairs of the same class, by `type/dataset`, with intervals
///   over pairs; empty when they were not asked for
/// @param pairs the score of every pair, in the order of pairs.csv
/// @param warnings what makes a correlation undefined, each naming the files or the group; empty
///   when all are defined
public record SsimiResult(
    Distance metric,
    Pooling pooling,
    Centering centering,
    Map<String, Estimate> estimates,
    WordIntervals words,
    Map<String, Estimate> areas,
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

  /// The means of one type over its datasets, as the ZeroSpeech 2021 leader board computes them:
  /// from correlations that are rounded to 4 decimals. The plain mean leaves undefined correlations
  /// out, the weighted one is undefined with them.
  ///
  /// @param mean plain mean over datasets
  /// @param weighted mean weighted with the number of pairs
  /// @param pairs number of pairs
  public record Overall(double mean, double weighted, int pairs) {
    private static Overall of(List<Estimate> group) {
      int pairs = group.stream().mapToInt(Estimate::n).sum();
      double mean =
          group.stream()
              .mapToDouble(e -> OfficialTables.rounded(e.value()))
              .filter(value -> !Double.isNaN(value))
              .average()
              .orElse(Double.NaN);
      double sum = group.stream().mapToDouble(e -> OfficialTables.rounded(e.value()) * e.n()).sum();
      return new Overall(mean, sum / pairs, pairs);
    }
  }

  /// Returns `type/dataset` to correlation x 100.
  public Map<String, Double> correlations() {
    Map<String, Double> correlations = new LinkedHashMap<>();
    estimates.forEach((group, estimate) -> correlations.put(group, estimate.value()));
    return correlations;
  }

  /// Returns the means of each type.
  public Map<String, Overall> overall() {
    Map<String, List<Estimate>> byType = new TreeMap<>();
    estimates.forEach((group, estimate) ->
        byType
            .computeIfAbsent(group.substring(0, group.indexOf('/')), t -> new ArrayList<>())
            .add(estimate));
    Map<String, Overall> overall = new LinkedHashMap<>();
    byType.forEach((type, group) -> overall.put(type, Overall.of(group)));
    return overall;
  }

  /// Returns `{"metric", "pooling", "centering", "correlations": {"type/dataset": value},
  /// "overall", "intervals", "auc", "pairs": [...]}`, indented; null where undefined. "auc" is left
  /// out when it was not asked for.
  public String toJson() {
    return Json.pretty(form());
  }

  /// Returns the value that [#toJson] writes, for a larger JSON.
  public Object form() {
    return new Form(
        metric.label(),
        pooling.label(),
        centering.label(),
        correlations(),
        means(),
        spans(estimates, words.correlations()),
        areas.isEmpty() ? null : spans(areas, words.areas()),
        pairs);
  }

  private Map<String, Mean> means() {
    Map<String, Mean> means = new LinkedHashMap<>();
    overall()
        .forEach((type, of) ->
            means.put(
                type,
                new Mean(
                    of.mean(),
                    of.weighted(),
                    of.pairs(),
                    range(words.means().get(type)),
                    range(words.weighted().get(type)))));
    return means;
  }

  private static Map<String, Span> spans(
      Map<String, Estimate> overPairs, Map<String, Estimate> overWords) {
    Map<String, Span> spans = new LinkedHashMap<>();
    overPairs.forEach((group, e) -> {
      Estimate words = overWords.get(group);
      spans.put(group, new Span(e.value(), e.n(), range(e), words.n(), range(words)));
    });
    return spans;
  }

  private static List<Double> range(Estimate estimate) {
    return List.of(estimate.low(), estimate.high());
  }

  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record Form(
      String metric,
      String pooling,
      String centering,
      Map<String, Double> correlations,
      Map<String, Mean> overall,
      Map<String, Span> intervals,
      Map<String, Span> auc,
      List<PairScore> pairs) {}

  /// The means of a type and their 95 % intervals over words.
  private record Mean(
      double mean,
      double weighted,
      int pairs,
      List<Double> meanOverWords,
      List<Double> weightedOverWords) {}

  /// A score and the ends of its 95 % intervals over pairs and over words.
  private record Span(
      double value, int pairs, List<Double> overPairs, int words, List<Double> overWords) {}
}
