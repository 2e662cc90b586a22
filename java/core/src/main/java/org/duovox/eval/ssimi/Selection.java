package org.duovox.eval.ssimi;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import org.duovox.DuovoxException;
import org.duovox.eval.Centering;
import org.duovox.eval.Distance;
import org.duovox.eval.PairLinks;
import org.duovox.eval.PooledTokens;
import org.duovox.eval.Pooling;
import org.duovox.eval.Ssimi;
import org.duovox.eval.Ssimi.SameClass;
import org.duovox.eval.SsimiData;
import org.duovox.eval.SsimiResult;

/// The choice of a system, a pooling and a distance by their scores on dev, after which test is
/// scored once, with what was chosen.
///
/// @param by what the choice is made by
/// @param tried candidates that were scored on dev
/// @param undefined how many of them have no score
/// @param candidates all that have one, the best first; of equals the first tried
/// @param dev scores of the chosen candidate on dev; the best of so many, so better than it is
/// @param test its scores on test; null when the data set has none
public record Selection(
    By by,
    int tried,
    int undefined,
    List<Candidate> candidates,
    SsimiResult dev,
    SsimiResult test) {

  /// What a choice is made by.
  public enum By {
    /// The mean over types of the mean correlation over their datasets.
    CORRELATION,
    /// The mean area under the ROC curve over datasets.
    AUC
  }

  /// What is tried.
  ///
  /// @param sameClass which pairs are of the same class; null unless the choice is made by AUC or
  ///   areas are asked for
  /// @param seed of the bootstraps
  public record Options(
      List<Pooling> poolings,
      List<Distance> metrics,
      Centering centering,
      By by,
      SameClass sameClass,
      long seed) {}

  /// A combination that was tried.
  ///
  /// @param system such as `contextual/4`
  /// @param score on dev
  /// @param scores on dev by `type/dataset`
  public record Candidate(
      String system, Pooling pooling, Distance metric, double score, Map<String, Double> scores) {
    /// Returns the combination for people.
    public String label() {
      return "%s, %s pooling, %s distance".formatted(system, pooling.label(), metric.label());
    }
  }

  /// Returns the chosen candidate.
  public Candidate chosen() {
    return candidates.getFirst();
  }

  /// Scores every combination on dev, chooses the best, and scores that one on test.
  ///
  /// @param test null when there is none
  /// @param progress takes the number of combinations tried so far
  /// @throws DuovoxException of kind MISSING_INPUT for words of either subset that a system lacks,
  ///   before anything is computed; BAD_DATA when no combination has a score
  public static Selection of(
      Systems systems, SsimiData dev, SsimiData test, Options options, IntConsumer progress) {
    PairLinks devLinks = PairLinks.of(dev);
    PairLinks testLinks = test == null ? null : PairLinks.of(test);
    systems.require(Subset.DEV, dev);
    if (test != null) {
      systems.require(Subset.TEST, test);
    }
    List<Candidate> tried = tried(systems, devLinks, options, progress);
    List<Candidate> scored =
        tried.stream()
            .filter(candidate -> !Double.isNaN(candidate.score()))
            .sorted(Comparator.comparingDouble(Candidate::score).reversed())
            .toList();
    if (scored.isEmpty()) {
      throw DuovoxException.badData(
          "none of the " + tried.size() + " combinations has a defined score on dev");
    }
    Candidate best = scored.getFirst();
    return new Selection(
        options.by(),
        tried.size(),
        tried.size() - scored.size(),
        scored,
        score(systems, best, Subset.DEV, devLinks, options),
        test == null ? null : score(systems, best, Subset.TEST, testLinks, options));
  }

  private static List<Candidate> tried(
      Systems systems, PairLinks dev, Options options, IntConsumer progress) {
    List<Candidate> tried = new ArrayList<>();
    systems.each(
        Subset.DEV,
        dev.data(),
        options.poolings(),
        (system, pooled) -> {
          tried.addAll(candidates(system, pooled, dev, options));
          progress.accept(tried.size());
        });
    return tried;
  }

  private static List<Candidate> candidates(
      String system, PooledTokens pooled, PairLinks links, Options options) {
    PooledTokens vectors = pooled.centered(options.centering());
    List<Candidate> candidates = new ArrayList<>();
    for (Distance metric : options.metrics()) {
      double[] distances = links.distances(vectors, metric);
      Map<String, Double> scores = scores(links.data(), distances, options);
      double score = options.by() == By.AUC ? mean(scores) : meanOfTypes(scores);
      candidates.add(new Candidate(system, pooled.pooling(), metric, score, scores));
    }
    return candidates;
  }

  private static Map<String, Double> scores(SsimiData data, double[] distances, Options options) {
    return options.by() == By.AUC
        ? Ssimi.areas(data.pairs(), distances, options.sameClass())
        : Ssimi.correlations(data.pairs(), distances);
  }

  private static SsimiResult score(
      Systems systems, Candidate chosen, Subset subset, PairLinks links, Options options) {
    PooledTokens pooled = systems.of(chosen.system(), subset, links.data(), chosen.pooling());
    return Ssimi.evaluate(
        links,
        pooled,
        new Ssimi.Options(
            chosen.metric(), options.centering(), options.sameClass(), options.seed()));
  }

  /// Returns the mean over types, so that neither counts more for having more datasets.
  private static double meanOfTypes(Map<String, Double> scores) {
    Map<String, Map<String, Double>> types = new LinkedHashMap<>();
    scores.forEach((group, value) ->
        types
            .computeIfAbsent(group.substring(0, group.indexOf('/')), t -> new LinkedHashMap<>())
            .put(group, value));
    return types.values().stream().collect(Collectors.averagingDouble(Selection::mean));
  }

  private static double mean(Map<String, Double> scores) {
    double[] values = scores.values().stream().mapToDouble(value -> value).toArray();
    return Arrays.stream(values).sum() / values.length;
  }
}
