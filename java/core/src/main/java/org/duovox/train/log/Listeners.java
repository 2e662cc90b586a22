package org.duovox.train.log;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Passes everything on to several listeners, in order, and remembers the last lines.
public final class Listeners implements TrainListener {
  private final List<TrainListener> all = new ArrayList<>();
  private TrainLine training;
  private TrainLine validation;

  public Listeners add(TrainListener next) {
    all.add(next);
    return this;
  }

  /// Remembers the lines of an earlier process.
  public void begin(TrainLine lastTraining, TrainLine lastValidation) {
    training = lastTraining;
    validation = lastValidation;
  }

  /// The last line of the training; null before the first.
  public TrainLine training() {
    return training;
  }

  /// The last line of a validation; null before the first.
  public TrainLine validation() {
    return validation;
  }

  public Optional<TrainLine> lastValidation() {
    return Optional.ofNullable(validation);
  }

  // By index: this runs after every step, and must make nothing.
  @Override
  public void step(long done, long steps) {
    for (int i = 0; i < all.size(); i++) {
      all.get(i).step(done, steps);
    }
  }

  @Override
  public void line(TrainLine line) {
    if (line.kind() == TrainLine.Kind.TRAIN) {
      training = line;
    } else {
      validation = line;
    }
    all.forEach(next -> next.line(line));
  }

  @Override
  public void timing(Timing timing) {
    all.forEach(next -> next.timing(timing));
  }

  @Override
  public void remark(String text) {
    all.forEach(next -> next.remark(text));
  }

  @Override
  public void warning(String text) {
    all.forEach(next -> next.warning(text));
  }

  @Override
  public void checkpoint(long step, Path folder, double seconds) {
    all.forEach(next -> next.checkpoint(step, folder, seconds));
  }
}
