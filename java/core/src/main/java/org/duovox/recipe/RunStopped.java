package org.duovox.recipe;

import java.util.concurrent.CancellationException;
import org.duovox.train.log.TrainControl;

/// A run was asked to stop, and did: its trainings are saved, finished stages are kept, and the
/// same command goes on.
public final class RunStopped extends CancellationException {
  private static final long serialVersionUID = 1;

  RunStopped(String where) {
    super("stopped " + where);
  }

  /// Stops what can stop here, when that was asked for or the thread is interrupted.
  static void check(TrainControl control) {
    if (control.isLeaving() || Thread.currentThread().isInterrupted()) {
      throw new RunStopped("between two pieces of a stage");
    }
  }
}
