package org.duovox.recipe;

import org.duovox.train.log.TrainLine;

/// Receives the progress of a run. Calls may come from several threads, but never two at once.
public interface RunListener extends StageCache.Listener {
  /// Something a user should know: skipped files, a collapsed codebook.
  default void remark(String text) {}

  /// Something worth knowing about the training of a stage.
  default void remark(String stage, String text) {}

  /// Something about the training of a stage that a person should look at.
  default void warning(String stage, String text) {}

  /// A fold has failed; the run ends with the first failure once the other folds have stopped.
  default void failed(String fold, String reason) {}

  /// Progress inside a stage.
  default void progress(String stage, long done, long total, String unit) {}

  /// A training reports.
  default void line(String stage, TrainLine line) {}
}
