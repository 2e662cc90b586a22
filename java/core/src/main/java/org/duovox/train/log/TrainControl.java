package org.duovox.train.log;

import java.util.concurrent.atomic.AtomicInteger;

/// Asks running trainings to save now, or to save and leave. Any thread may ask; the trainings look
/// between two steps.
public final class TrainControl {
  private final AtomicInteger saves = new AtomicInteger();
  private final TrainControl above; // Null at the top.
  private volatile boolean leave;

  /// Controls the trainings of a process.
  public TrainControl() {
    this(null);
  }

  /// Controls some of the trainings that another one controls: what it is asked reaches them too,
  /// but not the other way around.
  public TrainControl(TrainControl above) {
    this.above = above;
  }

  /// Asks for a checkpoint after this step; the training goes on.
  public void save() {
    saves.incrementAndGet();
  }

  /// Asks to finish this step, save a checkpoint and stop.
  public void leave() {
    leave = true;
  }

  /// Returns whether the trainings were asked to stop.
  public boolean isLeaving() {
    return leave || (above != null && above.isLeaving());
  }

  /// Returns how many checkpoints were asked for; each training compares it with what it saw last.
  public int saves() {
    return saves.get() + (above == null ? 0 : above.saves());
  }
}
