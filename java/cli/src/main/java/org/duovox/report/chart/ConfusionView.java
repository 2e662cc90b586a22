package org.duovox.report.chart;

import java.util.List;

/// A confusion matrix to be drawn.
///
/// @param name what was classified, by which system
/// @param labels class names
/// @param counts (truth, predicted) numbers of items
public record ConfusionView(String name, List<String> labels, int[][] counts) {
  public ConfusionView {
    labels = List.copyOf(labels);
    int size = labels.size();
    boolean square = counts.length == size;
    for (int[] row : counts) {
      square &= row.length == size;
    }
    if (!square) {
      throw new IllegalArgumentException("the counts of " + name + " must be " + size + " square");
    }
  }
}
