package org.duovox.train;

import org.duovox.internal.NativeTrainer;
import org.duovox.model.UnitModel;

/// Where a training keeps its best model and, when it can be resumed, its checkpoints.
interface Saver {
  /// Whether a checkpoint follows this step.
  boolean isDue(long step);

  /// Saves all that the training needs to go on after a step.
  void save(UnitModel model, NativeTrainer trainer, Position position);

  /// Keeps the model of the lowest validation loss so far.
  void keepBest(UnitModel model, long step);

  /// Sets a model to the one kept at a step.
  void restoreBest(UnitModel model, long step);

  /// Where a training stands: steps done, place in the data, and what it remembers.
  ///
  /// @param batches of the epoch that are done
  /// @param skipped steps of the last reports in a row that have any
  /// @param training the last line; null before the first
  /// @param validation the last line; null before the first
  record Position(
      long step,
      int epoch,
      int batches,
      Patience.Memory best,
      long skipped,
      TrainLine training,
      TrainLine validation) {
    /// Before the first step.
    static final Position START = new Position(0, 0, 0, Patience.Memory.NOTHING, 0, null, null);

    static Position of(CheckpointState state) {
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
}
