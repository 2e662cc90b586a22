package org.duovox.eval.compare;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// How well the distances of word pairs follow their gold similarities, as a score of *words*:
/// pairs share words, so words are what a bootstrap draws, and a pair counts as often as its two
/// words do together (Owen 2007, the pigeonhole bootstrap).
public final class PairScore implements ItemScore {
  /// A statistic of gold similarities and distances.
  public enum Statistic {
    /// Area under the ROC curve for "similar" from the distance; 0.5 is chance.
    @JsonProperty("auc")
    AUC("AUC"),
    /// 100 x Spearman's correlation of the gold with the negated distance.
    @JsonProperty("spearman")
    SPEARMAN("100 x Spearman");

    private final String label;

    Statistic(String label) {
      this.label = label;
    }

    /// Returns the name in results.
    public String label() {
      return label;
    }
  }

  /// Pairs of words.
  ///
  /// @param first (pairs) index of a word
  /// @param second (pairs) index of the other word
  /// @param gold (pairs) similarity
  @SuppressWarnings("ArrayRecordComponent") // Thousands of pairs, shared by all models.
  public record Pairs(int words, int[] first, int[] second, double[] gold) {
    public Pairs {
      if (first.length != second.length || first.length != gold.length) {
        throw new IllegalArgumentException("pairs need two words and a similarity each");
      }
    }
  }

  private final Pairs pairs;
  private final Statistic statistic;
  private final boolean[] similar;
  private final Order byDistance;
  private final Order byGold;
  private final boolean defined;

  /// @param distances (pairs) of one model
  /// @param similarFrom gold similarity from which two words are similar, for AUC
  public PairScore(Pairs pairs, double[] distances, Statistic statistic, double similarFrom) {
    if (distances.length != pairs.gold().length) {
      throw new IllegalArgumentException("every pair needs a distance");
    }
    this.pairs = pairs;
    this.statistic = statistic;
    this.defined = Arrays.stream(distances).noneMatch(Double::isNaN);
    this.similar = new boolean[distances.length];
    for (int i = 0; i < similar.length; i++) {
      similar[i] = pairs.gold()[i] >= similarFrom;
    }
    this.byDistance = Order.of(distances);
    this.byGold = Order.of(Arrays.stream(pairs.gold()).map(value -> -value).toArray());
  }

  @Override
  public List<Integer> strata() {
    return List.of(pairs.words());
  }

  @Override
  public double value(int[] counts) {
    if (!defined) {
      return Double.NaN;
    }
    double[] weights = new double[pairs.first().length];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (double) counts[pairs.first()[i]] * counts[pairs.second()[i]];
    }
    return statistic == Statistic.AUC ? auc(weights) : 100 * spearman(weights);
  }

  /// Returns the weighted share of (similar, dissimilar) pairs of pairs in the right order; ties
  /// count half.
  private double auc(double[] weights) {
    double dissimilarBelow = 0;
    double similarAll = 0;
    double wrong = 0; // Weight of similar pairs times that of dissimilar ones at smaller distances.
    for (int from = 0; from < byDistance.size(); ) {
      int to = byDistance.tieEnd(from);
      double tiedSimilar = 0;
      double tiedDissimilar = 0;
      for (int k = from; k < to; k++) {
        int pair = byDistance.index(k);
        if (similar[pair]) {
          tiedSimilar += weights[pair];
        } else {
          tiedDissimilar += weights[pair];
        }
      }
      wrong += tiedSimilar * (dissimilarBelow + tiedDissimilar / 2);
      dissimilarBelow += tiedDissimilar;
      similarAll += tiedSimilar;
      from = to;
    }
    return 1 - wrong / (similarAll * dissimilarBelow);
  }

  private double spearman(double[] weights) {
    double[] x = byGold.centeredRanks(weights);
    double[] y = byDistance.centeredRanks(weights);
    double xx = 0;
    double yy = 0;
    double xy = 0;
    for (int i = 0; i < weights.length; i++) {
      xx += weights[i] * x[i] * x[i];
      yy += weights[i] * y[i] * y[i];
      xy += weights[i] * x[i] * y[i];
    }
    return Math.clamp(xy / Math.sqrt(xx * yy), -1.0, 1.0);
  }

  /// The order of values, sorted once, so that every resample costs linear time.
  ///
  /// @param indices of the values from the smallest on
  /// @param levels of the values in that order; ties have one level
  @SuppressWarnings("ArrayRecordComponent") // Private and never changed.
  private record Order(int[] indices, int[] levels) {
    static Order of(double[] values) {
      int[] indices =
          IntStream.range(0, values.length)
              .boxed()
              .sorted(Comparator.comparingDouble(i -> values[i]))
              .mapToInt(Integer::intValue)
              .toArray();
      int[] levels = new int[values.length];
      for (int k = 1; k < levels.length; k++) {
        boolean tied = values[indices[k]] == values[indices[k - 1]];
        levels[k] = levels[k - 1] + (tied ? 0 : 1);
      }
      return new Order(indices, levels);
    }

    int size() {
      return indices.length;
    }

    int index(int position) {
      return indices[position];
    }

    /// Returns the position behind the last value that equals the one at a position.
    int tieEnd(int from) {
      int to = from + 1;
      while (to < levels.length && levels[to] == levels[from]) {
        to++;
      }
      return to;
    }

    /// Returns the average ranks of values that each occur `weights[i]` times, less their mean.
    double[] centeredRanks(double[] weights) {
      double[] ranks = new double[weights.length];
      double below = 0;
      for (int from = 0; from < size(); ) {
        int to = tieEnd(from);
        double tied = 0;
        for (int k = from; k < to; k++) {
          tied += weights[indices[k]];
        }
        for (int k = from; k < to; k++) {
          ranks[indices[k]] = below + (tied + 1) / 2;
        }
        below += tied;
        from = to;
      }
      for (int i = 0; i < ranks.length; i++) {
        ranks[i] -= (below + 1) / 2;
      }
      return ranks;
    }
  }
}
