package org.duovox.train.log;

import java.nio.file.Path;

/// Hears how a training goes on; called on the training thread between steps.
public interface TrainListener {
  /// Hears nothing.
  TrainListener NONE = new TrainListener() {};

  /// After every step.
  default void step(long done, long all) {}

  /// A report of training steps or of a validation.
  default void line(TrainLine line) {}

  /// The time behind the line that comes next.
  default void timing(Timing timing) {}

  /// Something worth knowing.
  default void remark(String text) {}

  /// Something that a person should look at; the training goes on.
  default void warning(String text) {}

  /// A checkpoint of this step stands in its folder; training stood still for `seconds`.
  default void checkpoint(long step, Path folder, double seconds) {}
}
