package org.duovox.report.chart;

/// One row of `results.json`.
///
/// @param task such as `intent`
/// @param dataset such as `spoken-digits`
/// @param split the fold, or [#MEAN]
/// @param system `dual`, `contextual`, `phonetic`, `joint` or another name
/// @param metric such as `accuracy`
/// @param value the score; NaN where undefined
/// @param low lower end of the 95 % interval; NaN where there is none
/// @param high upper end
/// @param n number of items
/// @param seed of training and bootstrap
public record ResultRow(
    String task,
    String dataset,
    String split,
    String system,
    String metric,
    double value,
    double low,
    double high,
    long n,
    long seed) {
  /// The split of the row that sums the folds up.
  public static final String MEAN = "mean";

  /// Whether both ends of the interval are known.
  public boolean hasInterval() {
    return Double.isFinite(low) && Double.isFinite(high);
  }
}
