package org.duovox.eval.compare;

import java.util.Arrays;
import java.util.List;

/// The score of one trained model on a set of items, for any number of times that each item counts:
/// what a bootstrap over items asks for.
public interface ItemScore {
  /// Returns the number of items of each stratum. Items are resampled within their stratum (a fold
  /// has utterances of its own); words are one stratum.
  List<Integer> strata();

  /// Returns the score when item i counts `counts[i]` times; items of the strata lie one after the
  /// other. NaN where it is undefined.
  double value(int[] counts);

  /// Returns the number of items of all strata.
  default int items() {
    return strata().stream().mapToInt(Integer::intValue).sum();
  }

  /// Returns the score of the items as they are.
  default double value() {
    int[] counts = new int[items()];
    Arrays.fill(counts, 1);
    return value(counts);
  }

  /// A score that is a mean over items, such as accuracy: within each stratum, then over strata.
  ///
  /// @param values of the items, by stratum
  record Mean(List<double[]> values) implements ItemScore {
    public Mean {
      values = values.stream().map(double[]::clone).toList();
    }

    @Override
    public List<Integer> strata() {
      return values.stream().map(stratum -> stratum.length).toList();
    }

    @Override
    public double value(int[] counts) {
      double all = 0;
      int begin = 0;
      for (double[] stratum : values) {
        double sum = 0;
        long count = 0;
        for (int i = 0; i < stratum.length; i++) {
          sum += counts[begin + i] * stratum[i];
          count += counts[begin + i];
        }
        all += sum / count;
        begin += stratum.length;
      }
      return all / values.size();
    }
  }

  /// The mean of several scores of the same items: types of recordings, or folds.
  record Average(List<ItemScore> scores) implements ItemScore {
    public Average {
      scores = List.copyOf(scores);
      if (scores.stream().map(ItemScore::strata).distinct().count() != 1) {
        throw new IllegalArgumentException("scores of different items have no mean");
      }
    }

    @Override
    public List<Integer> strata() {
      return scores.getFirst().strata();
    }

    @Override
    public double value(int[] counts) {
      return scores.stream().mapToDouble(score -> score.value(counts)).average().orElseThrow();
    }
  }
}
