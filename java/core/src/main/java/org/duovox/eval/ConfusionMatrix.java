package org.duovox.eval;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.duovox.io.json.Json;

/// A confusion matrix: how often each class was taken for each other one.
///
/// @param labels the class names, in order
/// @param counts (truth, predicted) numbers of items
public record ConfusionMatrix(List<String> labels, int[][] counts) {

  public ConfusionMatrix {
    labels = List.copyOf(labels);
    int size = labels.size();
    if (counts.length != size || Arrays.stream(counts).anyMatch(row -> row.length != size)) {
      throw new IllegalArgumentException("counts must be " + size + " x " + size);
    }
    counts = copy(counts);
  }

  /// Counts predictions.
  ///
  /// @param labels the class names
  /// @param truth (n) indices into the labels
  /// @param predicted (n) indices into the labels
  public static ConfusionMatrix of(List<String> labels, int[] truth, int[] predicted) {
    if (truth.length != predicted.length) {
      throw new IllegalArgumentException(
          truth.length + " right classes but " + predicted.length + " predictions");
    }
    int[][] counts = new int[labels.size()][labels.size()];
    for (int i = 0; i < truth.length; i++) {
      counts[truth[i]][predicted[i]]++;
    }
    return new ConfusionMatrix(labels, counts);
  }

  /// Returns the sum of two matrices over the same labels, to pool folds.
  public ConfusionMatrix plus(ConfusionMatrix other) {
    if (!labels.equals(other.labels)) {
      throw new IllegalArgumentException("labels differ: " + labels + " and " + other.labels);
    }
    int[][] sum = copy(counts);
    for (int i = 0; i < sum.length; i++) {
      for (int j = 0; j < sum.length; j++) {
        sum[i][j] += other.counts[i][j];
      }
    }
    return new ConfusionMatrix(labels, sum);
  }

  /// Returns a copy of the counts, (truth, predicted).
  @Override
  public int[][] counts() {
    return copy(counts);
  }

  /// Returns the number of items.
  public long total() {
    return Arrays.stream(counts).flatMapToInt(Arrays::stream).asLongStream().sum();
  }

  /// Returns the share of items on the diagonal; NaN for no items.
  public double accuracy() {
    long right = IntStream.range(0, counts.length).mapToLong(i -> counts[i][i]).sum();
    return (double) right / total();
  }

  /// Returns the share of the items of one class that were recognized; NaN for a class without
  /// items.
  public double recall(int label) {
    long items = Arrays.stream(counts[label]).asLongStream().sum();
    return (double) counts[label][label] / items;
  }

  /// Returns `{"labels", "counts", "accuracy", "recall": {label: share or null}}`, indented.
  public String toJson() {
    Map<String, Double> recalls = new LinkedHashMap<>();
    for (int i = 0; i < counts.length; i++) {
      recalls.put(labels.get(i), recall(i));
    }
    return Json.pretty(new Form(labels, counts, accuracy(), recalls));
  }

  private record Form(
      List<String> labels, int[][] counts, double accuracy, Map<String, Double> recall) {}

  @Override
  public boolean equals(Object other) {
    return other instanceof ConfusionMatrix matrix
        && labels.equals(matrix.labels)
        && Arrays.deepEquals(counts, matrix.counts);
  }

  @Override
  public int hashCode() {
    return 31 * labels.hashCode() + Arrays.deepHashCode(counts);
  }

  @Override
  public String toString() {
    return labels + " " + Arrays.deepToString(counts);
  }

  private static int[][] copy(int[][] counts) {
    return Arrays.stream(counts).map(int[]::clone).toArray(int[][]::new);
  }
}
