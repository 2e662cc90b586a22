package org.duovox.eval;

import java.util.function.DoubleBinaryOperator;
import org.duovox.DuovoxException;

/// How the frames of one spoken word become one vector (ZeroSpeech 2021,
/// `parameters/semantic/pooling`).
///
/// A file with one frame is pooled like any other, where the official 2021 code fails; only
/// `lastlast` needs two.
public enum Pooling {
  /// Largest value of each column.
  MAX,
  /// Mean of each column.
  MEAN,
  /// Smallest value of each column.
  MIN,
  /// Sum of each column.
  SUM,
  /// The last frame.
  LAST,
  /// The last frame but one.
  LASTLAST;

  /// Returns the pooling of this (lower-case) name.
  ///
  /// @throws DuovoxException of kind BAD_CONFIG with the nearest known name; `off` is refused with
  ///   the reason
  public static Pooling of(String name) {
    if (name.equals("off")) {
      throw DuovoxException.config(
          "pooling \"off\" is not supported: the official evaluator then compares only the first"
              + " frames of synthetic words and fails on librispeech; write one pooled row per file"
              + " and use \"last\"");
    }
    return Choices.of(Pooling.class, "pooling", name);
  }

  /// Returns the name in configurations and results.
  public String label() {
    return Choices.label(this);
  }

  /// Pools frames.
  ///
  /// @param rows (frames, width), at least one frame
  /// @return (width); a copy
  /// @throws DuovoxException of kind BAD_DATA when there are too few frames
  public double[] apply(double[][] rows) {
    int needed = this == LASTLAST ? 2 : 1;
    if (rows.length < needed) {
      throw DuovoxException.badData(
          "pooling \"%s\" needs at least %d frames, there are %d; choose another pooling"
              .formatted(label(), needed, rows.length));
    }
    return switch (this) {
      case MAX -> fold(rows, Math::max);
      case MIN -> fold(rows, Math::min);
      case SUM -> fold(rows, Double::sum);
      case MEAN -> mean(rows);
      case LAST -> rows[rows.length - 1].clone();
      case LASTLAST -> rows[rows.length - 2].clone();
    };
  }

  private static double[] fold(double[][] rows, DoubleBinaryOperator operator) {
    double[] pooled = rows[0].clone();
    for (int i = 1; i < rows.length; i++) {
      for (int j = 0; j < pooled.length; j++) {
        pooled[j] = operator.applyAsDouble(pooled[j], rows[i][j]);
      }
    }
    return pooled;
  }

  private static double[] mean(double[][] rows) {
    double[] pooled = fold(rows, Double::sum);
    for (int j = 0; j < pooled.length; j++) {
      pooled[j] /= rows.length;
    }
    return pooled;
  }
}
