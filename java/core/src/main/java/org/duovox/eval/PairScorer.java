package org.duovox.eval;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.duovox.DuovoxException;
import org.duovox.eval.SsimiData.Pair;
import org.duovox.eval.SsimiData.Token;

/// The distance of two words: the mean over their spoken tokens.
///
/// *librispeech*: every token of one word with every token of the other. *synthetic*: only tokens
/// of the same voice.
final class PairScorer {
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

  /// The score of a pair; NaN when a distance in it is undefined.
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

  /// Tokens of a pair whose vector has no defined distance even to itself: the cause of a NaN
  /// score.
  List<String> offenders(Pair pair) {
    return Stream.of(pair.word1(), pair.word2())
        .flatMap(word -> tokensOf(pair, word).stream())
        .filter(token -> Double.isNaN(metric.between(pooled.of(token), pooled.of(token))))
        .map(Token::label)
        .toList();
  }

  private List<Token> tokensOf(Pair pair, String word) {
    List<Token> found = tokens.getOrDefault(pair.type(), Map.of()).getOrDefault(word, List.of());
    if (found.isEmpty()) {
      throw DuovoxException.badData(
          "the gold list has no %s file for the word \"%s\" of a pair of %s"
              .formatted(pair.type(), word, pair.dataset()));
    }
    if (pair.type().equals("librispeech") && found.size() > MOST_TOKENS) {
      throw DuovoxException.badData(
          "the gold list has %d librispeech files for the word \"%s\"; the task allows 1 to %d"
              .formatted(found.size(), word, MOST_TOKENS));
    }
    return found;
  }
}
