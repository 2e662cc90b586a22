package org.duovox.eval;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.duovox.DuovoxException;
import org.duovox.eval.SsimiData.Pair;
import org.duovox.eval.SsimiResult.PairScore;

/// sSIMI, the semantic similarity task of ZeroSpeech 2021: do distances between spoken words follow
/// human judgments?
///
/// The arithmetic is that of the official evaluator (`zerospeech2021`, `semantic.py`). Differences,
/// all on input that it fails on or answers by accident: files of one frame are scored, a
/// librispeech word is never mixed with a synthetic file of the same name, and an undefined
/// distance is reported with the files behind it.
public final class Ssimi {
  private static final int NAMED = 10;

  private Ssimi() {}

  /// How vectors are scored.
  ///
  /// @param sameClass which pairs are of the same class for the area under the ROC curve; null: it
  ///   is not computed
  /// @param seed of the bootstraps
  public record Options(Distance metric, Centering centering, SameClass sameClass, long seed) {}

  /// Which pairs are of the same class: those judged at least the threshold. Without one, those of
  /// the higher of the two judgments of their dataset; datasets with more judgments have no area.
  public record SameClass(OptionalDouble threshold) {
    private boolean fits(double[] human) {
      return threshold.isPresent() || Arrays.stream(human).distinct().count() == 2;
    }

    private boolean[] of(double[] human) {
      double least = threshold.orElseGet(() -> Arrays.stream(human).max().orElseThrow());
      boolean[] same = new boolean[human.length];
      for (int i = 0; i < same.length; i++) {
        same[i] = human[i] >= least;
      }
      return same;
    }
  }

  /// Scores the vectors of spoken words, without centering and without the area under the ROC
  /// curve.
  ///
  /// @param seed of the bootstraps
  /// @throws DuovoxException of kind BAD_DATA when the gold list lacks a word of a pair
  public static SsimiResult evaluate(
      SsimiData data, PooledTokens pooled, Distance metric, long seed) {
    return evaluate(PairLinks.of(data), pooled, new Options(metric, Centering.NONE, null, seed));
  }

  /// Scores the vectors of spoken words.
  ///
  /// @throws DuovoxException of kind BAD_DATA when nothing is left of a vector after centering;
  ///   BAD_CONFIG when areas are asked for and no dataset has two judgments
  public static SsimiResult evaluate(PairLinks links, PooledTokens pooled, Options options) {
    List<Pair> pairs = links.data().pairs();
    PooledTokens vectors = pooled.centered(options.centering());
    double[] scores = links.distances(vectors, options.metric());
    List<Group> groups = groups(pairs, scores, options.sameClass());
    Map<String, Estimate> estimates = new LinkedHashMap<>();
    List<String> warnings = new ArrayList<>();
    for (Group group : groups) {
      Estimate estimate = group.overPairs(options.seed());
      estimates.put(group.name(), estimate);
      if (Double.isNaN(estimate.value())) {
        warnings.add(explain(group, scores, links, vectors, options.metric()));
      }
    }
    return new SsimiResult(
        options.metric(),
        pooled.pooling(),
        options.centering(),
        estimates,
        WordIntervals.of(pairs, groups, options.seed()),
        areas(groups, options.seed()),
        pairScores(pairs, scores),
        warnings);
  }

  /// Returns the correlation of each `type/dataset`, without intervals.
  ///
  /// @param scores of the pairs
  public static Map<String, Double> correlations(List<Pair> pairs, double[] scores) {
    Map<String, Double> values = new LinkedHashMap<>();
    groups(pairs, scores, null)
        .forEach(group -> values.put(group.name(), 100 * group.spearman().value()));
    return values;
  }

  /// Returns the area under the ROC curve of each `type/dataset` that has one, without intervals.
  ///
  /// @param scores of the pairs
  public static Map<String, Double> areas(List<Pair> pairs, double[] scores, SameClass sameClass) {
    Map<String, Double> values = new LinkedHashMap<>();
    groups(pairs, scores, sameClass).stream()
        .filter(group -> group.roc() != null)
        .forEach(group -> values.put(group.name(), group.roc().value()));
    return values;
  }

  /// The pairs of one type and dataset.
  ///
  /// @param members their indices
  /// @param roc null where no area is asked for or there is none
  record Group(String name, int[] members, Spearman spearman, Roc roc) {
    String type() {
      return name.substring(0, name.indexOf('/'));
    }

    Estimate overPairs(long seed) {
      return Bootstrap.seeded(seed).of(members.length, drawn -> 100 * spearman.value(drawn));
    }

    /// Returns the occurrences of these pairs among those of all.
    int[] of(int[] occurrences) {
      return IntStream.of(members).map(i -> occurrences[i]).toArray();
    }
  }

  /// Returns the groups of the pairs, sorted by type and dataset.
  private static List<Group> groups(List<Pair> pairs, double[] scores, SameClass sameClass) {
    Map<String, List<Integer>> members =
        IntStream.range(0, pairs.size())
            .boxed()
            .collect(
                Collectors.groupingBy(
                    i -> pairs.get(i).group(), TreeMap::new, Collectors.toList()));
    List<Group> groups = new ArrayList<>();
    members.forEach((name, list) -> {
      double[] human = list.stream().mapToDouble(i -> pairs.get(i).human()).toArray();
      double[] score = list.stream().mapToDouble(i -> scores[i]).toArray();
      boolean hasArea = sameClass != null && sameClass.fits(human);
      groups.add(
          new Group(
              name,
              list.stream().mapToInt(i -> i).toArray(),
              new Spearman(negated(human), score),
              hasArea ? new Roc(score, sameClass.of(human)) : null));
    });
    if (sameClass != null && groups.stream().allMatch(group -> group.roc() == null)) {
      throw DuovoxException.config(
          "no dataset of the pairs has exactly two judgments, so none tells which pairs are of the"
              + " same class; give a threshold");
    }
    return groups;
  }

  private static Map<String, Estimate> areas(List<Group> groups, long seed) {
    Map<String, Estimate> areas = new LinkedHashMap<>();
    for (Group group : groups) {
      if (group.roc() != null) {
        areas.put(
            group.name(), Bootstrap.seeded(seed).of(group.members().length, group.roc()::value));
      }
    }
    return areas;
  }

  private static double[] negated(double[] human) {
    return Arrays.stream(human).map(value -> -value).toArray();
  }

  /// Returns the mean over models (folds) of the correlations of their distances with the negated
  /// judgments, x 100. All models have scored the same pairs: a resample draws pairs, and every
  /// model is correlated on the pairs that were drawn. So the interval speaks of other pairs, as
  /// that of one model does; the models are taken as they are.
  ///
  /// @param human (pairs) judgments
  /// @param distances of each model: (pairs), in the order of the judgments
  /// @return n is the number of pairs; NaN when a model's correlation is undefined
  public static Estimate mean(double[] human, List<double[]> distances, long seed) {
    double[] negated = negated(human);
    List<Spearman> models = distances.stream().map(each -> new Spearman(negated, each)).toList();
    return Bootstrap.seeded(seed)
        .of(human.length, drawn -> 100 * mean(models, model -> model.value(drawn)));
  }

  /// Returns the mean over models (folds) of their areas under the ROC curve likewise.
  public static Estimate meanArea(
      double[] human, List<double[]> distances, SameClass sameClass, long seed) {
    boolean[] same = sameClass.of(human);
    List<Roc> models = distances.stream().map(each -> new Roc(each, same)).toList();
    return Bootstrap.seeded(seed)
        .of(human.length, drawn -> mean(models, model -> model.value(drawn)));
  }

  private static <M> double mean(List<M> models, ToDoubleFunction<M> score) {
    return models.stream().mapToDouble(score).average().orElse(Double.NaN);
  }

  private static String explain(
      Group group, double[] scores, PairLinks links, PooledTokens vectors, Distance metric) {
    int[] undefined = IntStream.of(group.members()).filter(i -> Double.isNaN(scores[i])).toArray();
    if (undefined.length == 0) {
      return "the correlation of "
          + group.name()
          + " is undefined: all its scores or all its judgements are equal ("
          + group.members().length
          + " pairs)";
    }
    List<String> files =
        IntStream.of(undefined)
            .boxed()
            .flatMap(pair -> links.offenders(pair, vectors, metric).stream())
            .distinct()
            .toList();
    String listed = files.stream().limit(NAMED).collect(Collectors.joining(", "));
    String more = files.size() > NAMED ? " and " + (files.size() - NAMED) + " more" : "";
    return "the correlation of %s is undefined: %d of its %d pairs have no distance%s"
        .formatted(
            group.name(),
            undefined.length,
            group.members().length,
            files.isEmpty() ? "" : "; zero or constant vectors in " + listed + more);
  }

  private static List<PairScore> pairScores(List<Pair> pairs, double[] scores) {
    return IntStream.range(0, pairs.size())
        .mapToObj(i -> pairScore(pairs.get(i), scores[i]))
        .toList();
  }

  private static PairScore pairScore(Pair pair, double score) {
    return new PairScore(
        pair.type(), pair.dataset(), pair.word1(), pair.word2(), pair.human(), score);
  }
}
