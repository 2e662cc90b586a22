package org.duovox.cli.train;

import java.nio.file.Path;
import java.util.function.BiFunction;
import org.duovox.cli.console.Progress;
import org.duovox.train.log.TrainLine;
import org.duovox.train.log.TrainLine.Timing;
import org.duovox.train.log.TrainListener;

/// What a training says while it runs and at its end.
final class TrainingText {
  private TrainingText() {}

  /// Moves the bar with every step of a pretraining and prints a line per report.
  static TrainListener pretraining(Progress progress) {
    return listener(progress, TrainLine::text);
  }

  /// The same for a classifier, which has one loss only.
  static TrainListener classifier(Progress progress) {
    return listener(progress, TrainLine::classText);
  }

  private static TrainListener listener(
      Progress progress, BiFunction<TrainLine, Timing, String> text) {
    return new TrainListener() {
      private Timing last = new Timing(TrainLine.Kind.TRAIN, 0, 0, 0);

      @Override
      public void step(long done, long all) {
        progress.show(done, all, ""); // An interruption is seen when the step is saved.
      }

      @Override
      public void timing(Timing timing) {
        last = timing;
      }

      @Override
      public void line(TrainLine line) {
        progress.line(text.apply(line, last));
      }

      @Override
      public void remark(String text) {
        progress.line(text);
      }

      @Override
      public void warning(String remark) {
        progress.line("duovox: warning: " + remark);
      }

      @Override
      public void checkpoint(long step, Path folder, double seconds) {
        progress.line("checkpoint " + folder.getFileName());
      }
    };
  }
}
