package org.duovox.cli;

import java.nio.file.Path;
import java.util.function.Function;
import org.duovox.io.Safetensors;
import org.duovox.io.SafetensorsFile;
import org.duovox.train.TrainLine;
import org.duovox.train.TrainListener;
import org.duovox.train.TrainLog;

/// What a training says while it runs and at its end.
final class TrainingText {
  private TrainingText() {}

  /// Moves the bar with every step of a pretraining and prints a line per report.
  static TrainListener pretraining(Progress progress) {
    return listener(progress, TrainLog::format);
  }

  /// The same for a classifier, which has one loss only.
  static TrainListener classifier(Progress progress) {
    return listener(progress, TrainingText::classLine);
  }

  private static TrainListener listener(Progress progress, Function<TrainLine, String> text) {
    return new TrainListener() {
      @Override
      public void step(long done, long all) {
        progress.update(done, all, "");
      }

      @Override
      public void line(TrainLine line) {
        progress.line(text.apply(line));
      }
    };
  }

  /// A report of a classifier's training.
  static String classLine(TrainLine line) {
    return Text.of(
        "s:%d loss:%.4f acc:%.4f lr:%.2e norm:%.3f units/s:%.0f",
        line.step(),
        line.loss(),
        line.accuracy(),
        line.learningRate(),
        line.gradientNorm(),
        line.unitsPerSecond());
  }

  /// Values of all tensors of a model folder.
  static long parameters(Path run) {
    try (SafetensorsFile tensors = Safetensors.open(run.resolve("model.safetensors"))) {
      return tensors.tensors().stream().mapToLong(tensor -> elements(tensor.shape())).sum();
    }
  }

  private static long elements(long[] shape) {
    long product = 1;
    for (long size : shape) {
      product *= size;
    }
    return product;
  }
}
