package org.duovox.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.duovox.DuovoxException;
import org.duovox.config.Settings;
import org.duovox.internal.Device;
import org.duovox.model.ModelConfig;
import org.duovox.model.ToyModel;
import org.duovox.train.log.TrainControl;
import org.duovox.train.log.TrainListener;
import org.duovox.train.memory.MemoryBudget;
import org.duovox.train.run.RunFolder;
import org.duovox.units.Toy;
import org.duovox.units.corpus.Corpus;
import org.junit.jupiter.api.io.TempDir;

/// Toy trainings in folders of their own that are left, broken and resumed.
public abstract class ResumeFixture {
  static final long STEPS = 23;

  @TempDir Path folder;

  final void failAfter(String name, PretrainConfig config, long step) {
    TrainListener failing =
        new TrainListener() {
          @Override
          public void step(long done, long all) {
            if (done == step) {
              throw DuovoxException.badData("killed");
            }
          }
        };
    run(name, config, 0, false, failing);
  }

  static TrainListener warningsTo(List<String> warnings) {
    return new TrainListener() {
      @Override
      public void warning(String text) {
        warnings.add(text);
      }
    };
  }

  final Training.Result run(String name, PretrainConfig config, long stop, boolean resume) {
    return run(name, config, stop, resume, TrainListener.NONE);
  }

  final Training.Result run(
      String name, PretrainConfig config, long stop, boolean resume, TrainListener listener) {
    return train(name, config, model(), corpus(), stop, resume, listener);
  }

  /// Trains, and asks to leave in the middle of step `stop` unless that is 0.
  final Training.Result train(
      String name,
      PretrainConfig config,
      ModelConfig model,
      Corpus corpus,
      long stop,
      boolean resume,
      TrainListener listener) {
    TrainControl control = new TrainControl();
    TrainListener leaving =
        new TrainListener() {
          @Override
          public void step(long done, long all) {
            if (done == stop) {
              control.leave();
            }
          }
        };
    TrainListener.Group both = new TrainListener.Group().add(leaving).add(listener);
    try (RunFolder run = RunFolder.open(folder.resolve(name), resume)) {
      TrainHost host = new TrainHost(Device.CPU, new MemoryBudget(), control, both);
      return new Pretrainer(config, host).run(model, corpus, run);
    }
  }

  final void assertSame(String expected, String actual) throws IOException {
    for (String file : List.of("metrics.jsonl", "model.safetensors", "config.json")) {
      assertArrayEquals(bytes(expected, file), bytes(actual, file), actual + "/" + file);
    }
  }

  final byte[] bytes(String run, String file) throws IOException {
    return Files.readAllBytes(folder.resolve(run).resolve(file));
  }

  final List<String> checkpoints(String run) throws IOException {
    try (var paths = Files.list(folder.resolve(run).resolve("checkpoints"))) {
      return paths.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  static PretrainConfig config(String... settings) {
    String[] all = java.util.Arrays.copyOf(settings, settings.length + 2);
    System.arraycopy(settings, 0, all, 2, settings.length);
    all[0] = "steps=" + STEPS;
    all[1] = "validation_fraction=0.25";
    return ToyTraining.config(all);
  }

  static ModelConfig model(String... settings) {
    List<String> all = new ArrayList<>(List.of("model.dropout=0.1"));
    for (String setting : settings) {
      all.add("model." + setting);
    }
    return Settings.read(null, all, List.of("model"))
        .section("model", ModelConfig.class, ToyModel.dual());
  }

  static Corpus corpus() {
    return Toy.corpus(16, 9, 7);
  }
}
