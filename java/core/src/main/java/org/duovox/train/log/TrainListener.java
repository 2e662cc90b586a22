package org.duovox.train.log;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Hears how a training goes; called on the training thread between steps.
public interface TrainListener {
  /// Hears nothing.
  TrainListener NONE = new TrainListener() {};

  /// Called after every step.
  default void step(long done, long all) {}

  /// Called with a report of training steps or of a validation.
  default void line(TrainLine line) {}

  /// Called with the time behind the line that comes next.
  default void timing(TrainLine.Timing timing) {}

  /// Called with something worth knowing.
  default void remark(String text) {}

  /// Called with something that a person should look at; the training goes on.
  default void warning(String text) {}

  /// Called when a checkpoint of this step was written; the training paused for `seconds`.
  default void checkpoint(long step, Path folder, double seconds) {}

  /// Several listeners, called in the order in which they were added; remembers the last lines.
  final class Group implements TrainListener {
    private final List<TrainListener> members = new ArrayList<>();
    private TrainLine training;
    private TrainLine validation;

    /// Adds a listener, after all others; returns this group.
    public Group add(TrainListener next) {
      members.add(next);
      return this;
    }

    /// Sets the last lines to those of an earlier process; null for none.
    public void begin(TrainLine lastTraining, TrainLine lastValidation) {
      training = lastTraining;
      validation = lastValidation;
    }

    /// Returns the last line of the training; null before the first.
    public TrainLine training() {
      return training;
    }

    /// Returns the last line of a validation; empty before the first.
    public Optional<TrainLine> validation() {
      return Optional.ofNullable(validation);
    }

    @Override
    public void step(long done, long all) {
      members.forEach(member -> member.step(done, all));
    }

    @Override
    public void line(TrainLine line) {
      if (line.kind() == TrainLine.Kind.TRAIN) {
        training = line;
      } else {
        validation = line;
      }
      members.forEach(member -> member.line(line));
    }

    @Override
    public void timing(TrainLine.Timing timing) {
      members.forEach(member -> member.timing(timing));
    }

    @Override
    public void remark(String text) {
      members.forEach(member -> member.remark(text));
    }

    @Override
    public void warning(String text) {
      members.forEach(member -> member.warning(text));
    }

    @Override
    public void checkpoint(long step, Path folder, double seconds) {
      members.forEach(member -> member.checkpoint(step, folder, seconds));
    }
  }
}
