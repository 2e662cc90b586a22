package org.duovox.train.data;

import org.duovox.model.batch.Window;
import org.duovox.units.corpus.UnitUtterance;

/// The times of the tokens and phonetic units of one row, in milliseconds from the start of its
/// window.
///
/// A token lasts for its frames. When exactly its phonetic units follow each other is not kept, so
/// they share its time evenly. Tokens and units are counted as in the row: 0 is that of CLS, and
/// the first of the window is 1. Reused from row to row.
final class RowTimes {
  private final double intervalMs;
  private final double[] ends; // By position; that of CLS is the start of the window.
  private double[] unitEnds = new double[1]; // The same for phonetic units.
  private int units;

  /// Times of rows of at most `maxPositions` tokens.
  ///
  /// @param intervalMs milliseconds of a contextual frame
  RowTimes(double intervalMs, int maxPositions) {
    this.intervalMs = intervalMs;
    this.ends = new double[maxPositions];
  }

  /// Takes the times of the row that holds this window.
  void read(UnitUtterance utterance, Window window) {
    long frames = 0;
    for (int t = window.from(); t < window.to(); t++) {
      frames += utterance.durations()[t];
      ends[t - window.from() + 1] = frames * intervalMs;
    }
    units = 0;
    if (utterance.phonetic().length > 0) {
      units = utterance.end()[window.to() - 1] - utterance.start()[window.from()] + 1;
      readUnits(utterance, window);
    }
  }

  private void readUnits(UnitUtterance utterance, Window window) {
    if (unitEnds.length <= units) {
      unitEnds = new double[2 * units + 1];
    }
    int unit = 0;
    for (int t = window.from(); t < window.to(); t++) {
      int position = t - window.from() + 1;
      int count = utterance.end()[t] - utterance.start()[t] + 1;
      double lasts = end(position) - begin(position);
      for (int i = 1; i <= count; i++) {
        unit++;
        unitEnds[unit] = begin(position) + i * lasts / count;
      }
    }
  }

  /// Milliseconds of a contextual frame.
  double intervalMs() {
    return intervalMs;
  }

  double begin(int position) {
    return ends[position - 1];
  }

  double end(int position) {
    return ends[position];
  }

  /// Returns the first phonetic unit that ends after a moment; one too many when none does.
  int firstUnitAfter(double ms) {
    int unit = 1;
    while (unit <= units && unitEnds[unit] <= ms) {
      unit++;
    }
    return unit;
  }

  /// Returns the last phonetic unit that begins before a moment; 0 when none does.
  int lastUnitBefore(double ms) {
    int unit = units;
    while (unit > 0 && unitEnds[unit - 1] >= ms) {
      unit--;
    }
    return unit;
  }
}
