package org.duovox.slu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.duovox.DuovoxException;
import org.duovox.config.Settings;
import org.duovox.internal.Device;
import org.duovox.model.ModelFiles;
import org.duovox.model.ToyModel;
import org.duovox.model.UnitModel;
import org.duovox.train.TrainHost;
import org.duovox.train.Training;
import org.duovox.train.log.TrainControl;
import org.duovox.train.log.TrainListener;
import org.duovox.train.memory.MemoryBudget;
import org.duovox.train.run.RunFolder;
import org.duovox.units.Toy;
import org.duovox.units.corpus.Corpus;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A classifier trains by the workflow of every training: it resumes, and it is guarded.
final class ClassifierWorkflowTest {
  private final Corpus corpus = Toy.corpus(24, 9, 7);
  private final List<String> told = new ArrayList<>();

  @TempDir Path folder;

  @BeforeEach
  void pretrain() {
    try (UnitModel model = ToyModel.model(corpus)) {
      model.save(folder.resolve("pretrained"));
    }
  }

  @ParameterizedTest
  @EnumSource(SluConfig.Mode.class)
  void stoppedInTheMiddleItEndsOnTheSameBytes(SluConfig.Mode mode) throws IOException {
    assertTrue(train("whole", mode, 0).finished());
    Training.Result left = train("stopped", mode, 7);
    assertFalse(left.finished());
    assertEquals(7, left.steps());
    assertTrue(train("stopped", mode, 0).finished());
    assertTrue(told.contains("resumed from checkpoints/step-00000007"), told + "");
    for (String file : List.of("metrics.jsonl", "model.safetensors", "config.json")) {
      assertArrayEquals(
          Files.readAllBytes(folder.resolve("whole").resolve(file)),
          Files.readAllBytes(folder.resolve("stopped").resolve(file)),
          file);
    }
    assertTrue(told.stream().anyMatch(text -> text.startsWith("memory: about")), told + "");
    String log = Files.readString(folder.resolve("stopped/console.log"));
    assertTrue(log.contains("s:12 loss:") && !log.contains("mcp:"), log);
    for (String file : List.of("console.log", "environment.json", "memory.json", "result.json")) {
      assertTrue(Files.exists(folder.resolve("stopped").resolve(file)), file);
    }
  }

  @Test
  void otherWeightsToStartFromAreAnotherRun() throws IOException {
    train("run", SluConfig.Mode.FINETUNE, 5);
    scale(0.5f);
    DuovoxException error =
        assertThrows(DuovoxException.class, () -> train("run", SluConfig.Mode.FINETUNE, 0));
    assertEquals(DuovoxException.Kind.BAD_CONFIG, error.kind());
    assertTrue(error.getMessage().contains("pretrained_sha256"), error.getMessage());
  }

  @Test
  void trainingWithoutAFiniteStepPublishesNoHead() throws IOException {
    scale(1e30f);
    DuovoxException error =
        assertThrows(DuovoxException.class, () -> train("run", SluConfig.Mode.FINETUNE, 0));
    assertEquals(76, error.kind().exitCode());
    assertTrue(error.getMessage().contains("slu.guards.max_skipped is 10"), error.getMessage());
    assertFalse(Files.exists(folder.resolve("run/model.safetensors")));
    assertThrows(
        DuovoxException.class,
        () -> IntentClassifier.evaluate(folder.resolve("run"), corpus, Device.CPU));
  }

  /// Makes the pretrained weights so many times as large.
  private void scale(float factor) throws IOException {
    Path file = folder.resolve("pretrained").resolve(ModelFiles.TENSORS);
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 8 + (int) bytes.getLong(0); at < bytes.capacity(); at += Float.BYTES) {
      bytes.putFloat(at, factor * bytes.getFloat(at));
    }
    Files.write(file, bytes.array());
  }

  /// Trains 12 steps, and asks to leave after step `stop` unless that is 0.
  private Training.Result train(String name, SluConfig.Mode mode, long stop) {
    TrainControl control = new TrainControl();
    TrainListener listener =
        new TrainListener() {
          @Override
          public void step(long done, long all) {
            if (done == stop) {
              control.leave();
            }
          }

          @Override
          public void remark(String text) {
            told.add(text);
          }
        };
    SluConfig config =
        Settings.read(
                null,
                List.of("slu.steps=12", "slu.batch_size=4", "slu.report_every=2", "slu.threads=1"),
                List.of("slu"))
            .section(
                "slu",
                SluConfig.class,
                mode == SluConfig.Mode.PROBE ? SluConfig.probe() : SluConfig.defaults());
    TrainHost host = new TrainHost(Device.CPU, new MemoryBudget(), control, listener);
    try (RunFolder run = RunFolder.open(folder.resolve(name), true)) {
      return IntentClassifier.train(
          folder.resolve("pretrained"), corpus, "intent", config, run, host);
    }
  }
}
