package org.duovox.train.watch;

import java.util.Arrays;
import java.util.Locale;
import org.duovox.internal.NativeRing.Shape;
import org.duovox.internal.NativeRing.Slot;
import org.duovox.model.UnitIds;
import org.duovox.units.corpus.Corpus;

/// Measures the accuracy of predictors without a network at the very masks that a model is
/// validated on: the baseline of masked context prediction.
///
/// All see what the model sees: a target that was left visible (or replaced by a random code) is
/// predicted as that code. The prediction of a hidden target is
///
/// - *unigram*: the most frequent code of the training utterances;
/// - *bigram*: the code x with the highest P(x | left);
/// - *both sides*: the code x with the highest P(x | left) P(right | x), bigrams of both neighbors,
///   which is the strongest of the three and may know whole utterances by heart where a corpus
///   repeats them.
///
/// The factor of a neighbor that is hidden too is left out, and P(x) takes the place of P(x |
/// left). x is any code that occurs beside a neighbor in the training utterances, or the most
/// frequent one. Probabilities are counts of pairs that back off to single codes with the weight of
/// one occurrence; CLS and SEP count as an utterance's ends.
public final class UnitPredictors {
  /// Accuracies over the same targets; `baselines.json` of a run.
  ///
  /// @param targets positions with a loss
  /// @param hidden those of them whose code is not visible
  /// @param unigram share predicted by the most frequent code
  /// @param bigram share predicted by the neighbor before
  /// @param bothSides share predicted by the neighbors before and after
  /// @param unigramHidden the same over hidden targets only; 0 when there are none
  public record Accuracies(
      long targets,
      long hidden,
      double unigram,
      double bigram,
      double bothSides,
      double unigramHidden,
      double bigramHidden,
      double bothSidesHidden) {
    /// Name of the file in a run's folder.
    public static final String FILE = "baselines.json";

    /// Returns the accuracies in words.
    public String text() {
      return String.format(
          Locale.ROOT,
          "predictors without a network on the same masks: unigram acc:%.4f bigram acc:%.4f, of"
              + " both sides acc:%.4f (%,d targets, %,d hidden)",
          unigram,
          bigram,
          bothSides,
          targets,
          hidden);
    }
  }

  private static final int UNKNOWN = -1;

  private final UnitIds ids;
  private final BigramCounts counts;
  private final int mostFrequent;
  private long targets;
  private long hidden;
  private long visibleRight;
  private long unigramRight;
  private long bigramRight;
  private long bothRight;

  /// @param training utterances to count in, in the view that the model reads
  public UnitPredictors(Corpus training, UnitIds ids) {
    this.ids = ids;
    this.counts = BigramCounts.of(training);
    this.mostFrequent = counts.mostFrequent();
  }

  /// Predicts the targets of a batch.
  public void see(Slot slot, Shape shape) {
    for (int row = 0; row < shape.rows(); row++) {
      int at = row * shape.tokens();
      int length = slot.lengths().get(row);
      for (int t = 1; t < length - 1; t++) {
        int target = slot.targets().get(at + t);
        if (target >= 0) {
          predict(slot, at + t, target);
        }
      }
    }
  }

  /// Returns the accuracies over all batches seen so far.
  public Accuracies accuracies() {
    return new Accuracies(
        targets,
        hidden,
        share(visibleRight + unigramRight, targets),
        share(visibleRight + bigramRight, targets),
        share(visibleRight + bothRight, targets),
        share(unigramRight, hidden),
        share(bigramRight, hidden),
        share(bothRight, hidden));
  }

  private void predict(Slot slot, int at, int target) {
    targets++;
    int seen = slot.contextual().get(at);
    if (seen < ids.contextualCodes()) {
      visibleRight += seen == target ? 1 : 0;
      return;
    }
    hidden++;
    unigramRight += mostFrequent == target ? 1 : 0;
    int left = neighbor(slot.contextual().get(at - 1));
    int right = neighbor(slot.contextual().get(at + 1));
    bigramRight += likeliest(left, UNKNOWN) == target ? 1 : 0;
    bothRight += likeliest(left, right) == target ? 1 : 0;
  }

  private int neighbor(int unit) {
    if (unit < ids.contextualCodes()) {
      return unit;
    }
    return unit == ids.mask() ? UNKNOWN : counts.edge();
  }

  private int likeliest(int left, int right) {
    int best = mostFrequent;
    double most = score(left, mostFrequent, right);
    int[][] candidates = {
      left == UNKNOWN ? new int[0] : counts.after(left),
      right == UNKNOWN ? new int[0] : counts.before(right)
    };
    for (int[] beside : candidates) {
      for (int code : beside) {
        double score = code == counts.edge() ? 0 : score(left, code, right);
        if (score > most) {
          most = score;
          best = code;
        }
      }
    }
    return best;
  }

  private double score(int left, int code, int right) {
    double fromLeft = left == UNKNOWN ? counts.share(code) : counts.follows(left, code);
    return right == UNKNOWN ? fromLeft : fromLeft * counts.follows(code, right);
  }

  private static double share(long right, long all) {
    return all == 0 ? 0 : (double) right / all;
  }

  /// Counts how often codes occur and follow each other in a corpus; the ends of an utterance count
  /// as one more code, the edge.
  ///
  /// Only the first [#MOST_TOKENS] tokens are read, to bound memory; pairs need no more.
  private static final class BigramCounts {
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

    /// Returns P(right | left), backing off to P(right) with the weight of one occurrence
    /// (Dirichlet prior).
    double follows(int left, int right) {
      double prior =
          right == codes ? counts[codes] / (double) (total + counts[codes]) : share(right);
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
}
