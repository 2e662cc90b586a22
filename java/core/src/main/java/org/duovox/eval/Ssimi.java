package org.duovox.eval;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.duovox.DuovoxException;
import org.duovox.eval.SsimiData.Pair;
import org.duovox.eval.SsimiData.Token;
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

  /// Scores the vectors of spoken words.
  ///
  /// @param seed of the bootstrap
  /// @throws DuovoxException of kind BAD_DATA when the gold list lacks a word of a pair
  public static SsimiResult evaluate(
      SsimiData data, PooledTokens pooled, Distance metric, long seed) {
    PairScorer scorer = new PairScorer(data.tokens(), pooled, metric);
    double[] scores = data.pairs().stream().mapToDouble(scorer::score).toArray();
    Map<String, Estimate> estimates = new LinkedHashMap<>();
    List<String> warnings = new ArrayList<>();
    groups(data.pairs())
        .forEach((group, members) -> {
          Estimate estimate = correlate(data.pairs(), scores, members, seed);
          estimates.put(group, estimate);
          if (Double.isNaN(estimate.value())) {
            warnings.add(explain(group, members, data.pairs(), scores, scorer));
          }
        });
    return new SsimiResult(
        metric, pooled.pooling(), estimates, pairScores(data.pairs(), scores), warnings);
  }

  /// Returns the indices of the pairs of each group, sorted by type and dataset.
  private static Map<String, List<Integer>> groups(List<Pair> pairs) {
    return IntStream.range(0, pairs.size())
        .boxed()
        .collect(
            Collectors.groupingBy(i -> pairs.get(i).group(), TreeMap::new, Collectors.toList()));
  }

  private static Estimate correlate(
      List<Pair> pairs, double[] scores, List<Integer> members, long seed) {
    double[] human = members.stream().mapToDouble(i -> pairs.get(i).human()).toArray();
    double[] score = members.stream().mapToDouble(i -> scores[i]).toArray();
    return mean(human, List.of(score), seed);
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
    double[] negated = Arrays.stream(human).map(value -> -value).toArray();
    List<Spearman> models = distances.stream().map(each -> new Spearman(negated, each)).toList();
    return Bootstrap.seeded(seed)
        .of(
            human.length,
            drawn ->
                100
                    * models.stream()
                        .mapToDouble(m -> m.value(drawn))
                        .average()
                        .orElse(Double.NaN));
  }

  private static String explain(
      String group, List<Integer> members, List<Pair> pairs, double[] scores, PairScorer scorer) {
    List<Pair> undefined =
        members.stream().filter(i -> Double.isNaN(scores[i])).map(pairs::get).toList();
    if (undefined.isEmpty()) {
      return "the correlation of "
          + group
          + " is undefined: all its scores or all its judgements are equal ("
          + members.size()
          + " pairs)";
    }
    List<String> files =
        undefined.stream().flatMap(pair -> scorer.offenders(pair).stream()).distinct().toList();
    String listed = files.stream().limit(NAMED).collect(Collectors.joining(", "));
    String more = files.size() > NAMED ? " and " + (files.size() - NAMED) + " more" : "";
    return "the correlation of %s is undefined: %d of its %d pairs have no distance%s"
        .formatted(
            group,
            undefined.size(),
            members.size(),
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

  /// The distance of two words: the mean over their spoken tokens.
  ///
  /// *librispeech*: every token of one word with every token of the other. *synthetic*: only tokens
  /// of the same voice.
  private static final class PairScorer {
    private static final int MOST_TOKENS = 10;

    private final Map<String, Map<String, List<Token>>> tokens = new HashMap<>();
    private final PooledTokens pooled;
    private final Distance metric;

    PairScorer(List<Token> tokens, PooledTokens pooled, Distance metric) {
      for (Token token : tokens) {
        this.tokens
            .computeIfAbsent(token.type(), type -> new HashMap<>())
            .computeIfAbsent(token.word(), word -> new ArrayList<>())
            .add(token);
      }
      this.pooled = pooled;
      this.metric = metric;
    }

    /// Returns the score of a pair; NaN when a distance in it is undefined.
    double score(Pair pair) {
      boolean sameVoice = pair.type().equals("synthetic");
      double sum = 0;
      int count = 0;
      for (Token one : tokensOf(pair, pair.word1())) {
        for (Token two : tokensOf(pair, pair.word2())) {
          if (!sameVoice || one.voice().equals(two.voice())) {
            sum += metric.between(pooled.of(one), pooled.of(two));
            count++;
          }
        }
      }
      if (count == 0) {
        throw DuovoxException.badData(
            "no voice of the gold list says both \"%s\" and \"%s\" of %s"
                .formatted(pair.word1(), pair.word2(), pair.group()));
      }
      return sum / count;
    }

    /// Returns the tokens of a pair whose vector has no defined distance even to itself: the cause
    /// of a NaN score.
    List<String> offenders(Pair pair) {
      return Stream.of(pair.word1(), pair.word2())
          .flatMap(word -> tokensOf(pair, word).stream())
          .filter(token -> Double.isNaN(metric.between(pooled.of(token), pooled.of(token))))
          .map(Token::label)
          .toList();
    }

    private List<Token> tokensOf(Pair pair, String word) {
      List<Token> spoken = tokens.getOrDefault(pair.type(), Map.of()).getOrDefault(word, List.of());
      if (spoken.isEmpty()) {
        throw DuovoxException.badData(
            "the gold list has no %s file for the word \"%s\" of a pair of %s"
                .formatted(pair.type(), word, pair.dataset()));
      }
      if (pair.type().equals("librispeech") && spoken.size() > MOST_TOKENS) {
        throw DuovoxException.badData(
            "the gold list has %d librispeech files for the word \"%s\"; the task allows 1 to %d"
                .formatted(spoken.size(), word, MOST_TOKENS));
      }
      return spoken;
    }
  }
}
