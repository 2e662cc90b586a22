package org.duovox.recipe;

import java.util.concurrent.CancellationException;
import org.duovox.train.log.TrainControl;

/// Thrown when a run was asked to stop, and did. Its trainings are saved, finished stages are kept,
/// and the same command resumes.
public final class RunStopped extends CancellationException {
  private static final long serialVersionUID = 1;

  RunStopped(String where) {
    super("stopped " + where);
  }

  /// Throws when the run was asked to stop, or the thread is interrupted.
  static void check(TrainControl control) {
    if (control.isLeaving() || Thread.currentThread().isInterrupted()) {
      throw new RunStopped("between two pieces of a stage");
    }
  }
}
