package org.duovox.train.log;

import org.duovox.train.log.TrainLine.Health;
import org.duovox.train.log.TrainLine.Kind;

/// Lines of a training for tests.
public final class Lines {
  private Lines() {}

  public static TrainLine train(long step, double loss) {
    return line(Kind.TRAIN, step, loss, 1e-4, healthy(0, 0));
  }

  public static TrainLine validation(long step, double loss) {
    return line(Kind.VALIDATION, step, loss, 1e-4, healthy(0, 0));
  }

  public static TrainLine train(long step, double loss, double learningRate) {
    return line(Kind.TRAIN, step, loss, learningRate, healthy(0, 0));
  }

  public static TrainLine train(long step, Health health) {
    return line(Kind.TRAIN, step, 1, 1e-4, health);
  }

  /// Varied predictions and targets.
  public static Health healthy(long skipped, long spikes) {
    return new Health(1, skipped, skipped, spikes, spikes, 3, 0.1, 4, 0.05);
  }

  static TrainLine line(Kind kind, long step, double loss, double learningRate, Health health) {
    return new TrainLine(
        kind, step, 0, loss, loss / 2, loss / 2, 0.25, learningRate, 1, 100, 1000, health);
  }
}
