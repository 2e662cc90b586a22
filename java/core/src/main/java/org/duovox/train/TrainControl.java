package org.duovox.train;

/// What somebody outside asks of a running training: to save now, or to save and leave. Any thread
/// may ask; the training looks between two steps.
public final class TrainControl {
  private volatile boolean save;
  private volatile boolean leave;

  /// Save a checkpoint after this step and go on.
  public void save() {
    save = true;
  }

  /// Finish this step, save a checkpoint and stop.
  public void leave() {
    leave = true;
  }

  /// Whether the training was asked to stop.
  public boolean isLeaving() {
    return leave;
  }

  /// Whether a checkpoint was asked for since the last call.
  boolean takeSave() {
    boolean asked = save;
    if (asked) {
      save = false;
    }
    return asked;
  }
}
