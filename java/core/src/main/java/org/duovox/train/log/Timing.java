package org.duovox.train.log;

/// How long the steps (or batches) behind a [TrainLine] took: a line of `timing.jsonl`.
///
/// @param step steps done
/// @param seconds of wall time, validations and checkpoints excluded
/// @param unitsPerSecond tokens and phonetic units per second, padding excluded
public record Timing(TrainLine.Kind kind, long step, double seconds, double unitsPerSecond) {
  /// The time of a line.
  public static Timing of(TrainLine line, double seconds) {
    return new Timing(line.kind(), line.step(), seconds, seconds > 0 ? line.units() / seconds : 0);
  }
}
