package org.duovox.train.watch;

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
}
