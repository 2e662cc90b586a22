package org.duovox.eval.abx;

/// Sums of float32 in the order in which PyTorch adds them on a CPU, so that ties between distances
/// fall as they do in the reference.
///
/// Consecutive values are summed in [#LANES] lanes, rows in [#CHAINS] chains of every fourth row,
/// and either in runs of [#RUN]. Facts of `aten/src/ATen/native/cpu/SumKernel.cpp`, which has no
/// version for wider registers.
final class FloatSums {
  static final int LANES = 8;
  static final int CHAINS = 4;
  static final int RUN = 16;

  private FloatSums() {}

  /// A value for each index.
  interface Terms {
    float at(int index);
  }

  /// Returns the sum of a row of `count` values.
  static float row(Terms terms, int count) {
    if (count < LANES) {
      return chained(terms, 0, 1, count);
    }
    int blocks = count / LANES;
    float sum = 0;
    for (int i = blocks * LANES; i < count; i++) {
      sum += terms.at(i);
    }
    for (int lane = 0; lane < LANES; lane++) {
      sum += chained(terms, lane, LANES, blocks);
    }
    return sum;
  }

  /// Returns the sum of one column of a table of so many rows and columns.
  ///
  /// @param terms of the column, by row
  static float column(Terms terms, int rows, int column, int columns) {
    int together = columns < LANES ? CHAINS : CHAINS * LANES;
    return column < columns / together * together
        ? run(terms, 0, 1, rows)
        : chained(terms, 0, 1, rows);
  }

  private static float chained(Terms terms, int first, int stride, int count) {
    int steps = count / CHAINS;
    float sum = run(terms, first, CHAINS * stride, steps);
    for (int i = steps * CHAINS; i < count; i++) {
      sum += terms.at(first + i * stride);
    }
    for (int chain = 1; chain < CHAINS; chain++) {
      sum += run(terms, first + chain * stride, CHAINS * stride, steps);
    }
    return sum;
  }

  private static float run(Terms terms, int first, int stride, int count) {
    float done = 0;
    float sum = 0;
    for (int i = 0; i < count; i++) {
      sum += terms.at(first + i * stride);
      if ((i + 1) % RUN == 0) {
        done += sum;
        sum = 0;
      }
    }
    return sum + done;
  }
}
