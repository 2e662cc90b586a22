package org.duovox.eval;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ObjIntConsumer;
import java.util.stream.IntStream;
import org.duovox.DuovoxException;
import org.duovox.eval.SsimiData.Pair;
import org.duovox.eval.SsimiData.Token;

/// Which spoken words are compared for each pair of words.
///
/// *librispeech*: every token of one word with every token of the other. *synthetic*: only tokens
/// of the same voice. Found once, and used for any number of distances.
public final class PairLinks {
  private static final int MOST_TOKENS = 10;

  private final SsimiData data;
  private final int[][] links; // Of each pair: token, token, token, token, ...

  private PairLinks(SsimiData data, int[][] links) {
    this.data = data;
    this.links = links;
  }

  /// Finds the tokens of all pairs.
  ///
  /// @throws DuovoxException of kind BAD_DATA when the gold list lacks a word of a pair
  public static PairLinks of(SsimiData data) {
    Index index = new Index(data.tokens());
    int[][] links = new int[data.pairs().size()][];
    for (int i = 0; i < links.length; i++) {
      links[i] = index.links(data.pairs().get(i));
    }
    return new PairLinks(data, links);
  }

  /// Returns the tables whose words these are.
  public SsimiData data() {
    return data;
  }

  /// Returns the score of every pair: the mean distance of its tokens; NaN when one of them is
  /// undefined.
  public double[] distances(PooledTokens pooled, Distance metric) {
    double[][] vectors = data.tokens().stream().map(pooled::of).toArray(double[][]::new);
    return IntStream.range(0, links.length)
        .parallel()
        .mapToDouble(pair -> mean(vectors, links[pair], metric))
        .toArray();
  }

  private static double mean(double[][] vectors, int[] links, Distance metric) {
    double sum = 0;
    for (int i = 0; i < links.length; i += 2) {
      sum += metric.between(vectors[links[i]], vectors[links[i + 1]]);
    }
    return sum / (links.length / 2);
  }

  /// Returns the tokens of a pair whose vector has no defined distance even to itself: the cause of
  /// a NaN score.
  List<String> offenders(int pair, PooledTokens pooled, Distance metric) {
    return IntStream.of(links[pair])
        .mapToObj(data.tokens()::get)
        .filter(token -> Double.isNaN(metric.between(pooled.of(token), pooled.of(token))))
        .map(Token::label)
        .distinct()
        .toList();
  }

  /// Tells for each pair what [#of] would refuse.
  ///
  /// @param faults takes the index of a pair and what is wrong with it
  static void check(SsimiData data, ObjIntConsumer<String> faults) {
    Index index = new Index(data.tokens());
    for (int i = 0; i < data.pairs().size(); i++) {
      try {
        index.links(data.pairs().get(i));
      } catch (DuovoxException e) {
        faults.accept(e.getMessage(), i);
      }
    }
  }

  /// The tokens of each word.
  private static final class Index {
    private final List<Token> tokens;
    private final Map<String, Map<String, List<Integer>>> words = new HashMap<>();

    Index(List<Token> tokens) {
      this.tokens = tokens;
      for (int i = 0; i < tokens.size(); i++) {
        words
            .computeIfAbsent(tokens.get(i).type(), type -> new HashMap<>())
            .computeIfAbsent(tokens.get(i).word(), word -> new ArrayList<>())
            .add(i);
      }
    }

    int[] links(Pair pair) {
      boolean sameVoice = pair.type().equals("synthetic");
      IntStream.Builder links = IntStream.builder();
      for (int one : tokensOf(pair, pair.word1())) {
        for (int two : tokensOf(pair, pair.word2())) {
          if (!sameVoice || tokens.get(one).voice().equals(tokens.get(two).voice())) {
            links.add(one).add(two);
          }
        }
      }
      int[] found = links.build().toArray();
      if (found.length == 0) {
        throw DuovoxException.badData(
            "no voice of the gold list says both \"%s\" and \"%s\" of %s"
                .formatted(pair.word1(), pair.word2(), pair.group()));
      }
      return found;
    }

    private List<Integer> tokensOf(Pair pair, String word) {
      List<Integer> spoken =
          words.getOrDefault(pair.type(), Map.of()).getOrDefault(word, List.of());
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
