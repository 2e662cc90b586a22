package org.duovox.train.log;

import java.util.Locale;

/// The text of a [TrainLine]: `s:120 loss:3.21 mcp:2.90 mcr:0.31 acc:0.12 lr:1.0e-04 norm:0.8
/// units/s:5321`.
public final class TrainLog {
  private TrainLog() {}

  /// One line, without a line feed; a validation line begins with `val`.
  public static String format(TrainLine line) {
    boolean validation = line.kind() == TrainLine.Kind.VALIDATION;
    String losses =
        String.format(
            Locale.ROOT,
            "%ss:%d loss:%.4f mcp:%.4f mcr:%.4f acc:%.4f",
            validation ? "val " : "",
            line.step(),
            line.loss(),
            line.mcp(),
            line.mcr(),
            line.accuracy());
    if (validation) {
      return losses;
    }
    return losses
        + String.format(
            Locale.ROOT, " lr:%.2e norm:%.3f", line.learningRate(), line.gradientNorm());
  }

  /// A report of a classifier, which has one loss only.
  public static String classes(TrainLine line) {
    return String.format(
        Locale.ROOT,
        "s:%d loss:%.4f acc:%.4f lr:%.2e norm:%.3f",
        line.step(),
        line.loss(),
        line.accuracy(),
        line.learningRate(),
        line.gradientNorm());
  }

  /// The same with the speed of the steps behind it.
  public static String classes(TrainLine line, Timing timing) {
    return classes(line) + String.format(Locale.ROOT, " units/s:%.0f", timing.unitsPerSecond());
  }

  /// A report with the speed of the steps behind it.
  public static String format(TrainLine line, Timing timing) {
    return line.kind() == TrainLine.Kind.VALIDATION
        ? format(line)
        : format(line) + String.format(Locale.ROOT, " units/s:%.0f", timing.unitsPerSecond());
  }
}
