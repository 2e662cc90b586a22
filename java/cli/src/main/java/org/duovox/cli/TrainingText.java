package org.duovox.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import org.duovox.io.Safetensors;
import org.duovox.io.SafetensorsFile;
import org.duovox.train.TrainLine;
import org.duovox.train.TrainListener;
import org.duovox.train.TrainLog;

/// What a training says while it runs and at its end.
final class TrainingText {
  private TrainingText() {}

  /// Moves the bar with every step and prints a line per report.
  static TrainListener listener(Progress progress) {
    return new TrainListener() {
      @Override
      public void step(long done, long all) {
        progress.update(done, all, "");
      }

      @Override
      public void line(TrainLine line) {
        progress.line(TrainLog.format(line));
      }
    };
  }

  /// The last report of its kind; nothing for none.
  static void last(PrintWriter out, String name, TrainLine line) {
    if (line != null) {
      out.println(name + ": " + TrainLog.format(line));
    }
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
