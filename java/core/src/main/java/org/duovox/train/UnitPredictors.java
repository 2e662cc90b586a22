package org.duovox.train;

import java.util.Locale;
import org.duovox.internal.NativeRing.Shape;
import org.duovox.internal.NativeRing.Slot;
import org.duovox.model.UnitIds;
import org.duovox.units.Corpus;

/// What masked context prediction is worth: the accuracy of two predictors without a network, at
/// the very masks that a model is validated on.
///
/// Both see what the model sees: a target that was left visible (or replaced by a random code) is
/// taken as it stands. A hidden target is, for the unigram predictor, the commonest code of the
/// training part; for the bigram predictor, the code x with the highest P(x | left) P(right | x),
/// where x is any code that the training part has seen beside either neighbour, or the commonest. A
/// neighbour that is hidden too says nothing: its factor is left out, and P(x) takes the place of
/// P(x | left). Probabilities are counts of pairs that back off to single codes with the weight of
/// one occurrence; CLS and SEP count as an utterance's ends.
public final class UnitPredictors {
  /// Accuracies over the same targets; `baselines.json` of a run.
  ///
  /// @param targets positions with a loss
  /// @param hidden those of them whose code is not visible
  /// @param unigram share predicted by the commonest code
  /// @param bigram share predicted by both neighbours
  /// @param unigramHidden the same over hidden targets only; 0 when there are none
  /// @param bigramHidden the same over hidden targets only
  public record Accuracies(
      long targets,
      long hidden,
      double unigram,
      double bigram,
      double unigramHidden,
      double bigramHidden) {
    /// Name of the file in a run's folder.
    public static final String FILE = "baselines.json";

    /// The accuracies in words.
    public String text() {
      return String.format(
          Locale.ROOT,
          "predictors without a network on the same masks: unigram acc:%.4f bigram acc:%.4f"
              + " (of %,d targets, %,d hidden)",
          unigram,
          bigram,
          targets,
          hidden);
    }
  }

  private static final int UNKNOWN = -1;

  private final UnitIds ids;
  private final BigramCounts counts;
  private final int commonest;
  private long targets;
  private long hidden;
  private long visibleRight;
  private long unigramRight;
  private long bigramRight;

  /// Predictors that have seen the training part of a corpus, in the view that the model reads.
  public UnitPredictors(Corpus training, UnitIds ids) {
    this.ids = ids;
    this.counts = BigramCounts.of(training);
    this.commonest = counts.commonest();
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

  /// The accuracies over everything seen so far.
  public Accuracies accuracies() {
    return new Accuracies(
        targets,
        hidden,
        share(visibleRight + unigramRight, targets),
        share(visibleRight + bigramRight, targets),
        share(unigramRight, hidden),
        share(bigramRight, hidden));
  }

  private void predict(Slot slot, int at, int target) {
    targets++;
    int seen = slot.contextual().get(at);
    if (seen < ids.contextualCodes()) {
      visibleRight += seen == target ? 1 : 0;
      return;
    }
    hidden++;
    unigramRight += commonest == target ? 1 : 0;
    int left = neighbor(slot.contextual().get(at - 1));
    int right = neighbor(slot.contextual().get(at + 1));
    bigramRight += likeliest(left, right) == target ? 1 : 0;
  }

  private int neighbor(int unit) {
    if (unit < ids.contextualCodes()) {
      return unit;
    }
    return unit == ids.mask() ? UNKNOWN : counts.edge();
  }

  private int likeliest(int left, int right) {
    int best = commonest;
    double most = score(left, commonest, right);
    int[][] candidates = {
      left == UNKNOWN ? new int[0] : counts.after(left),
      right == UNKNOWN ? new int[0] : counts.before(right)
    };
    for (int[] some : candidates) {
      for (int code : some) {
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

  private static double share(long part, long all) {
    return all == 0 ? 0 : (double) part / all;
  }
}
