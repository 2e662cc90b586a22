package org.duovox.train.log;

import java.util.concurrent.atomic.AtomicInteger;

/// What somebody outside asks of running trainings: to save now, or to save and leave. Any thread
/// may ask; the trainings look between two steps.
public final class TrainControl {
  private final AtomicInteger saves = new AtomicInteger();
  private volatile boolean leave;

  /// Save a checkpoint after this step and go on.
  public void save() {
    saves.incrementAndGet();
  }

  /// Finish this step, save a checkpoint and stop.
  public void leave() {
    leave = true;
  }

  /// Whether the trainings were asked to stop.
  public boolean isLeaving() {
    return leave;
  }

  /// How often checkpoints were asked for; each training compares it with what it saw before.
  public int saves() {
    return saves.get();
  }
}
