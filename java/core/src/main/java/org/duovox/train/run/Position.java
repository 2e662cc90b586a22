package org.duovox.train.run;

import org.duovox.train.log.TrainLine;

/// Where a training stands: steps done, place in the data, and what it remembers.
///
/// @param step steps done
/// @param epoch of the last step, from 0
/// @param batches of the epoch that are done
/// @param best lowest validation loss so far
/// @param skipped steps of the last reports in a row that have any
/// @param training the last line; null before the first
/// @param validation the last line; null before the first
public record Position(
    long step,
    int epoch,
    int batches,
    Patience.Memory best,
    long skipped,
    TrainLine training,
    TrainLine validation) {
  /// Before the first step.
  public static final Position START =
      new Position(0, 0, 0, Patience.Memory.NOTHING, 0, null, null);

  /// Where a checkpoint was made.
  public static Position of(CheckpointState state) {
    return new Position(
        state.step(),
        state.epoch(),
        state.batches(),
        state.best(),
        state.skipped(),
        state.training(),
        state.validation());
  }
}
