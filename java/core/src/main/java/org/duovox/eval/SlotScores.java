package org.duovox.eval;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import org.duovox.eval.ClusterBootstrap.Resample;

/// How well the values of label columns (the slots of an intent) are predicted, column by column
/// and all together.
///
/// @param exactMatch share of utterances with all columns right
/// @param columns scores of each
public record SlotScores(Interval exactMatch, List<Column> columns) {
  /// A score with intervals for what could have been drawn otherwise.
  ///
  /// @param utterances other utterances of the same speakers
  /// @param speakers other speakers; null when they are not known or there is one only
  /// @param both other speakers and other utterances; null as before
  public record Interval(Estimate utterances, Estimate speakers, Estimate both) {
    /// Returns the score.
    public double value() {
      return utterances.value();
    }
  }

  /// Scores of one column.
  ///
  /// @param field its name
  /// @param accuracy share of right values
  /// @param macroF1 mean F1 over all values that occur or are predicted
  /// @param slotF1 F1 of the values that are filled in: over all utterances together, without the
  ///   value for "not there"; null when that value does not occur
  /// @param values scores of each value
  public record Column(
      String field,
      Interval accuracy,
      Interval macroF1,
      Interval slotF1,
      Map<String, Value> values) {}

  /// How well one value is recognized.
  ///
  /// @param gold utterances that have it
  /// @param predicted utterances for which it is predicted
  /// @param correct of these, those that have it
  /// @param precision correct / predicted; NaN for none
  /// @param recall correct / gold; NaN for none
  /// @param f1 their harmonic mean; 0 when nothing is correct
  public record Value(
      int gold, int predicted, int correct, double precision, double recall, double f1) {
    private static Value of(int gold, int predicted, int correct) {
      return new Value(
          gold,
          predicted,
          correct,
          (double) correct / predicted,
          (double) correct / gold,
          SlotScores.f1(gold, predicted, correct));
    }
  }

  /// The values of one column.
  ///
  /// @param gold of each utterance
  /// @param predicted for each utterance
  public record Predicted(String field, List<String> gold, List<String> predicted) {
    public Predicted {
      gold = List.copyOf(gold);
      predicted = List.copyOf(predicted);
      if (gold.size() != predicted.size()) {
        throw new IllegalArgumentException(gold.size() + " and " + predicted.size() + " values");
      }
    }
  }

  public SlotScores {
    columns = List.copyOf(columns);
  }

  /// Scores predictions.
  ///
  /// @param columns the label columns, of equally many utterances
  /// @param speakers who says each utterance; empty when that is not known
  /// @param absent the value for "not there", e.g. `none`
  /// @param seed of the intervals
  public static SlotScores of(
      List<Predicted> columns, List<String> speakers, String absent, long seed) {
    Intervals intervals = new Intervals(columns.getFirst().gold().size(), speakers, seed);
    double[] exact = new double[columns.getFirst().gold().size()];
    Arrays.fill(exact, 1);
    List<Column> scores = new ArrayList<>();
    for (Predicted column : columns) {
      Counted counted = Counted.of(column);
      double[] hits = Accuracy.hits(counted.gold, counted.predicted);
      Arrays.setAll(exact, i -> exact[i] * hits[i]);
      int none = counted.values.indexOf(absent);
      scores.add(
          new Column(
              column.field(),
              intervals.of(indices -> mean(hits, indices)),
              intervals.of(counted::macroF1),
              none < 0 ? null : intervals.of(indices -> counted.slotF1(indices, none)),
              counted.byValue()));
    }
    return new SlotScores(intervals.of(indices -> mean(exact, indices)), scores);
  }

  private static double mean(double[] values, int[] indices) {
    return Arrays.stream(indices).mapToDouble(i -> values[i]).average().orElse(Double.NaN);
  }

  private static double f1(double gold, double predicted, double correct) {
    return gold + predicted == 0 ? Double.NaN : 2 * correct / (gold + predicted);
  }

  /// Makes the intervals of one set of utterances.
  private record Intervals(int utterances, List<String> speakers, long seed) {
    Interval of(ToDoubleFunction<int[]> statistic) {
      boolean known = speakers.stream().distinct().count() > 1;
      ClusterBootstrap clusters = ClusterBootstrap.seeded(seed);
      return new Interval(
          Bootstrap.seeded(seed).of(utterances, statistic),
          known ? clusters.of(speakers, Resample.GROUPS, statistic) : null,
          known ? clusters.of(speakers, Resample.GROUPS_AND_ITEMS, statistic) : null);
    }
  }

  /// A column with its values as numbers.
  private static final class Counted {
    private final List<String> values;
    private final int[] gold;
    private final int[] predicted;

    private Counted(List<String> values, int[] gold, int[] predicted) {
      this.values = values;
      this.gold = gold;
      this.predicted = predicted;
    }

    static Counted of(Predicted column) {
      TreeSet<String> occurring = new TreeSet<>(column.gold());
      occurring.addAll(column.predicted());
      List<String> values = List.copyOf(occurring);
      Map<String, Integer> numbers = new LinkedHashMap<>();
      values.forEach(value -> numbers.put(value, numbers.size()));
      return new Counted(
          values,
          column.gold().stream().mapToInt(numbers::get).toArray(),
          column.predicted().stream().mapToInt(numbers::get).toArray());
    }

    /// Returns utterances that have each value, for which it is predicted, and both.
    private int[][] counts(int[] indices) {
      int[][] counts = new int[3][values.size()];
      for (int i : indices) {
        counts[0][gold[i]]++;
        counts[1][predicted[i]]++;
        counts[2][gold[i]] += gold[i] == predicted[i] ? 1 : 0;
      }
      return counts;
    }

    double macroF1(int[] indices) {
      int[][] counts = counts(indices);
      double sum = 0;
      int occurring = 0;
      for (int v = 0; v < values.size(); v++) {
        double f1 = f1(counts[0][v], counts[1][v], counts[2][v]);
        if (!Double.isNaN(f1)) { // Not in this resample.
          sum += f1;
          occurring++;
        }
      }
      return sum / occurring;
    }

    double slotF1(int[] indices, int absent) {
      int[][] counts = counts(indices);
      double[] sums = new double[3];
      for (int v = 0; v < values.size(); v++) {
        for (int k = 0; k < 3; k++) {
          sums[k] += v == absent ? 0 : counts[k][v];
        }
      }
      return f1(sums[0], sums[1], sums[2]);
    }

    Map<String, Value> byValue() {
      int[] all = new int[gold.length];
      Arrays.setAll(all, i -> i);
      int[][] counts = counts(all);
      Map<String, Value> scores = new LinkedHashMap<>();
      for (int v = 0; v < values.size(); v++) {
        scores.put(values.get(v), Value.of(counts[0][v], counts[1][v], counts[2][v]));
      }
      return scores;
    }
  }
}
