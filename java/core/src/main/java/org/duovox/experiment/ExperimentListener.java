package org.duovox.experiment;

import org.duovox.recipe.StageCache.Stage;

/// Receives the progress of an experiment. Calls come from several threads, one at a time.
public interface ExperimentListener {
  /// A cell begins.
  default void started(String cell) {}

  /// A stage of a cell has ended or was reused.
  ///
  /// @param maker the cell that made it in this process; the cell itself, or null for an earlier
  ///   run
  default void finished(String cell, Stage stage, String maker) {}

  /// A cell has ended.
  ///
  /// @param done how many have ended, with this one
  default void ended(CellState state, int done, int all) {}

  /// Something a person should know.
  default void remark(String cell, String text) {}

  /// Something worth knowing about a training.
  default void detail(String cell, String text) {}

  /// Something that a person should look at.
  default void warning(String cell, String text) {}

  /// Progress inside a stage of a cell.
  default void progress(String cell, String stage, long done, long all, String unit) {}
}
