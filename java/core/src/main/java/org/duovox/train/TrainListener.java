package org.duovox.train;

/// Hears how a training goes on; called on the training thread between steps.
public interface TrainListener {
  /// Hears nothing.
  TrainListener NONE = new TrainListener() {};

  /// After every step.
  default void step(long done, long all) {}

  /// A report of training steps or of a validation.
  default void line(TrainLine line) {}
}
