package org.duovox.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.duovox.DuovoxException;
import org.duovox.internal.Device;
import org.duovox.speech.ReceptiveField;
import org.duovox.train.log.TrainControl;
import org.duovox.train.log.TrainListener;
import org.duovox.train.memory.MemoryBudget;
import org.duovox.train.run.RunFolder;
import org.duovox.units.Toy;
import org.duovox.units.corpus.Corpus;
import org.junit.jupiter.api.Test;

/// A run that is left and resumed ends on the same bytes as one that never stopped.
final class ResumeTest extends ResumeFixture {
  @Test
  void everyStepIsAGoodOneToStopAt() throws IOException {
    // 12 of 16 utterances to train on, 3 batches an epoch, 2 batches a step: 2 steps an epoch, the
    // second with one batch. With dropout, and left in the middle of epochs.
    PretrainConfig config = config("accumulation=2");
    run("whole", config, 0, false);
    for (long stop = 1; stop < STEPS; stop++) {
      String name = "stopped-" + stop;
      Training.Result left = run(name, config, stop, false);
      assertFalse(left.finished());
      assertEquals(stop, left.steps());
      assertFalse(Files.exists(folder.resolve(name).resolve("model.safetensors")));
      Training.Result done = run(name, config, 0, true);
      assertTrue(done.finished());
      assertSame("whole", name);
    }
  }

  /// Masks that need times, margins of phonetic units and other crops in each epoch.
  @Test
  void cropsAndMasksOfTimeAreThoseOfTheSameEpoch() throws IOException {
    PretrainConfig config =
        config(
            "crop_tokens=4",
            "batch_tokens=20",
            "masking.probability=0.4",
            "masking.span_ms=300",
            "masking.span_ms_stddev=100",
            "masking.phonetic=margin");
    Corpus corpus = Toy.seeing(corpus(), ReceptiveField.around(775), ReceptiveField.around(155));
    train("whole", config, model(), corpus, 0, false, TrainListener.NONE);
    for (long stop = 1; stop < STEPS; stop += 3) {
      String name = "stopped-" + stop;
      train(name, config, model(), corpus, stop, false, TrainListener.NONE);
      assertTrue(train(name, config, model(), corpus, 0, true, TrainListener.NONE).finished());
      assertSame("whole", name);
      assertArrayEquals(bytes("whole", "masking.json"), bytes(name, "masking.json"));
    }
  }

  /// Settings that came later are not in the `train.json` of earlier versions, nor in its sum.
  @Test
  void aRunOfAnEarlierVersionGoesOn() throws IOException {
    run("whole", config(), 0, false);
    run("earlier", config(), 7, false);
    Path settings = folder.resolve("earlier/train.json");
    String text = Files.readString(settings);
    String earlier =
        text.replaceAll(
            ",\\s*\"(span_ms|span_ms_stddev|inverse|phonetic|crop_tokens)\" : [^,\\s]+", "");
    assertFalse(earlier.contains("span_ms") || earlier.contains("crop_tokens"), earlier);
    Files.writeString(settings, earlier);
    run("earlier", config(), 0, true);
    assertSame("whole", "earlier");
  }

  @Test
  void aRunStoppedAtEveryStepEndsTheSame() throws IOException {
    PretrainConfig config = config("validation.keep_best=true", "validation.every_steps=4");
    run("whole", config, 0, false);
    for (long stop = 1; stop < STEPS; stop++) {
      run("often", config, stop, stop > 1);
    }
    run("often", config, 0, true);
    assertSame("whole", "often");
    assertArrayEquals(bytes("whole", "result.json"), bytes("often", "result.json"));
  }

  @Test
  void whatCameAfterTheCheckpointIsForgotten() throws IOException {
    PretrainConfig config = config("checkpoints.every_steps=4");
    run("whole", config, 0, false);
    DuovoxException killed =
        assertThrows(DuovoxException.class, () -> failAfter("killed", config, 10));
    assertEquals("killed", killed.getMessage());
    assertEquals(List.of("step-00000004", "step-00000008"), checkpoints("killed"));
    // What a killed process may leave: half a line, half a checkpoint.
    Files.writeString(
        folder.resolve("killed/metrics.jsonl"),
        "{\"kind\":\"tr",
        java.nio.file.StandardOpenOption.APPEND);
    Files.createDirectory(folder.resolve("killed/checkpoints/.tmp-0"));
    run("killed", config, 0, true);
    assertSame("whole", "killed");
    assertEquals(List.of("step-00000016", "step-00000020"), checkpoints("killed"));
  }

  @Test
  void resumingNothingStartsAndResumingAFinishedRunChangesNothing() throws IOException {
    run("whole", config(), 0, false);
    Training.Result fresh = run("fresh", config(), 0, true);
    assertSame("whole", "fresh");
    byte[] before = bytes("fresh", "console.log");
    Training.Result again = run("fresh", config(), 0, true);
    assertEquals(fresh, again);
    assertArrayEquals(before, bytes("fresh", "console.log"));
  }

  /// As a process leaves it that is killed between the model and the end.
  @Test
  void bestModelsOfAFinishedRunGoWithTheNextStart() throws IOException {
    run("run", config("checkpoints.every_steps=20"), 0, false);
    for (String left : List.of("best-00000007", ".tmp-1")) {
      Files.createDirectory(folder.resolve("run/checkpoints").resolve(left));
    }
    run("run", config("checkpoints.every_steps=20"), 0, true);
    assertEquals(List.of("step-00000020"), checkpoints("run"));
  }

  @Test
  void savingIsAskedForBySomebodyElse() throws IOException {
    TrainControl control = new TrainControl();
    TrainListener asking =
        new TrainListener() {
          @Override
          public void step(long done, long all) {
            if (done == 6) {
              control.save();
            }
          }
        };
    try (RunFolder run = RunFolder.open(folder.resolve("run"), false)) {
      TrainHost host = new TrainHost(Device.CPU, new MemoryBudget(), control, asking);
      new Pretrainer(config(), host).run(model(), corpus(), run);
    }
    assertEquals(List.of("step-00000006"), checkpoints("run"));
  }

  @Test
  void earlyStoppingKeepsTheBestModel() throws IOException {
    // A rate so high that the loss rises again soon.
    PretrainConfig config =
        config(
            "steps=400", "learning_rate=0.3", "validation.patience=2", "validation.every_steps=2");
    Training.Result result = run("run", config, 0, false);
    assertTrue(result.finished());
    assertTrue(result.steps() < 400, result + "");
    var told = org.duovox.io.json.Json.tree(folder.resolve("run/result.json"));
    assertTrue(told.path("stopped_early").asBoolean());
    long best = told.path("best_step").asLong();
    assertEquals(best, told.path("model_step").asLong());
    assertEquals(result.steps() - 4, best);
    assertFalse(
        Files.exists(folder.resolve("run/checkpoints/best-%08d".formatted(best))),
        "it is the run's model now");
    // A training that ends at that step, without a decay by the longer schedule's end, is the same.
    run("best", config("steps=400", "learning_rate=0.3", "validation.every_steps=2"), best, false);
    assertArrayEquals(
        bytes("best", "checkpoints/step-%08d/model.safetensors".formatted(best)),
        bytes("run", "model.safetensors"));
  }
}
