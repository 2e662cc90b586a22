package org.duovox.train.watch;

import java.util.Arrays;
import org.duovox.units.corpus.Corpus;

/// Counts how often codes occur and follow each other in a corpus; the ends of an utterance count
/// as one more code, the edge.
///
/// Only the first [#MOST_TOKENS] tokens are read, to bound memory; pairs need no more.
final class BigramCounts {
  /// Most tokens that are read, from the start of the corpus.
  static final int MOST_TOKENS = 4_000_000;

  private final int codes;
  private final long[] counts; // By code, the edge last.
  private final long total;
  private final Pairs after;
  private final Pairs before;

  /// Different pairs in order of their first code, then of their second.
  private record Pairs(int[] begin, int[] other, int[] count) {
    /// Pairs given as first * codes + second, in any order.
    static Pairs of(long[] pairs, int codes) {
      Arrays.sort(pairs);
      int different = 0;
      for (int i = 0; i < pairs.length; i++) {
        different += i == 0 || pairs[i] != pairs[i - 1] ? 1 : 0;
      }
      int[] begin = new int[codes + 1];
      int[] other = new int[different];
      int[] count = new int[different];
      int at = -1;
      for (int i = 0; i < pairs.length; i++) {
        if (i == 0 || pairs[i] != pairs[i - 1]) {
          at++;
          other[at] = (int) (pairs[i] % codes);
          begin[(int) (pairs[i] / codes) + 1] = at + 1;
        }
        count[at]++;
      }
      for (int code = 1; code <= codes; code++) {
        begin[code] = Math.max(begin[code], begin[code - 1]);
      }
      return new Pairs(begin, other, count);
    }

    int count(int first, int second) {
      int at = Arrays.binarySearch(other, begin[first], begin[first + 1], second);
      return at < 0 ? 0 : count[at];
    }
  }

  private BigramCounts(int codes, long[] counts, Pairs after, Pairs before) {
    this.codes = codes;
    this.counts = counts;
    this.after = after;
    this.before = before;
    this.total = Arrays.stream(counts, 0, codes).sum();
  }

  /// Counts the contextual stream of a corpus, or its only one.
  static BigramCounts of(Corpus corpus) {
    int codes = corpus.contextual().vocabulary();
    int utterances = 0;
    int tokens = 0;
    while (utterances < corpus.size() && tokens < MOST_TOKENS) {
      tokens += corpus.utterance(utterances).tokens();
      utterances++;
    }
    long[] forward = new long[tokens + utterances];
    long[] backward = new long[tokens + utterances];
    long[] counts = new long[codes + 1];
    int at = 0;
    for (int i = 0; i < utterances; i++) {
      int[] units = corpus.utterance(i).contextual();
      counts[codes]++;
      for (int t = 0; t <= units.length; t++) {
        long left = t == 0 ? codes : units[t - 1];
        long right = t == units.length ? codes : units[t];
        forward[at] = left * (codes + 1) + right;
        backward[at++] = right * (codes + 1) + left;
        counts[(int) right] += t < units.length ? 1 : 0;
      }
    }
    return new BigramCounts(
        codes, counts, Pairs.of(forward, codes + 1), Pairs.of(backward, codes + 1));
  }

  /// Returns the code of an utterance's ends.
  int edge() {
    return codes;
  }

  /// Returns the most frequent code; the lowest of several.
  int mostFrequent() {
    int best = 0;
    for (int code = 1; code < codes; code++) {
      best = counts[code] > counts[best] ? code : best;
    }
    return best;
  }

  /// Returns P(code), with one occurrence added to each.
  double share(int code) {
    return (counts[code] + 1.0) / (total + codes);
  }

  /// Returns P(right | left), backing off to P(right) with the weight of one occurrence (Dirichlet
  /// prior).
  double follows(int left, int right) {
    double prior = right == codes ? counts[codes] / (double) (total + counts[codes]) : share(right);
    return (after.count(left, right) + prior) / (counts[left] + 1.0);
  }

  /// Returns the codes seen right after another.
  int[] after(int left) {
    return Arrays.copyOfRange(after.other(), after.begin()[left], after.begin()[left + 1]);
  }

  /// Returns the codes seen right before another.
  int[] before(int right) {
    return Arrays.copyOfRange(before.other(), before.begin()[right], before.begin()[right + 1]);
  }
}
