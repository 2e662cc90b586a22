package org.duovox.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.duovox.DuovoxException;
import org.duovox.DuovoxException.Kind;
import org.duovox.internal.Device;
import org.duovox.model.ModelConfig;
import org.duovox.model.ToyModel;
import org.duovox.recipe.Settings;
import org.duovox.units.Corpus;
import org.duovox.units.Toy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A run that is left and resumed ends on the same bytes as one that never stopped.
final class ResumeTest {
  private static final long STEPS = 23;

  @TempDir Path folder;

  @Test
  void everyStepIsAGoodOneToStopAt() throws IOException {
    // 12 of 16 utterances to train on, 3 batches an epoch, 2 batches a step: 2 steps an epoch, the
    // second with one batch. With dropout, and left in the middle of epochs.
    PretrainConfig config = config("accumulation=2");
    run("whole", config, 0, false);
    for (long stop = 1; stop < STEPS; stop++) {
      String name = "stopped-" + stop;
      Pretrainer.Result left = run(name, config, stop, false);
      assertFalse(left.finished());
      assertEquals(stop, left.steps());
      assertFalse(Files.exists(folder.resolve(name).resolve("model.safetensors")));
      Pretrainer.Result done = run(name, config, 0, true);
      assertTrue(done.finished());
      assertSame("whole", name);
    }
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
  void damagedNewestCheckpointFallsBackToTheOneBefore() throws IOException {
    PretrainConfig config = config("checkpoints.every_steps=4");
    run("whole", config, 0, false);
    for (String file :
        List.of("model.safetensors", "trainer.safetensors", "state.json", "MANIFEST.json")) {
      String name = "damaged-" + file;
      run(name, config, 13, false);
      Path damaged = folder.resolve(name).resolve("checkpoints/step-00000013").resolve(file);
      byte[] content = Files.readAllBytes(damaged);
      content[content.length / 2] ^= 4;
      Files.write(damaged, content);
      List<String> warnings = new ArrayList<>();
      run(name, config, 0, true, warningsTo(warnings));
      assertEquals(1, warnings.size(), warnings + "");
      assertTrue(warnings.getFirst().contains("step-00000013 is damaged"), warnings + "");
      assertTrue(warnings.getFirst().contains(file), warnings + "");
      assertSame("whole", name);
    }
  }

  @Test
  void noWholeCheckpointIsAnError() throws IOException {
    run("run", config(), 5, false);
    Files.delete(folder.resolve("run/checkpoints/step-00000005/state.json"));
    DuovoxException error =
        assertThrows(DuovoxException.class, () -> run("run", config(), 0, true));
    assertEquals(Kind.BAD_DATA, error.kind());
    assertTrue(error.getMessage().contains("no checkpoint"), error.getMessage());
  }

  @Test
  void otherSettingsAnotherModelAndAnotherCorpusAreRefusedByName() {
    run("run", config(), 5, false);
    DuovoxException settings =
        assertThrows(
            DuovoxException.class, () -> run("run", config("learning_rate=1e-4"), 0, true));
    assertEquals(Kind.BAD_CONFIG, settings.kind());
    assertTrue(
        settings.getMessage().contains("pretrain.learning_rate is 1.0E-4 here, 0.003 there"),
        settings.getMessage());
    DuovoxException model =
        assertThrows(
            DuovoxException.class,
            () -> train("run", config(), model("layers=2"), corpus(), 0, true, TrainListener.NONE));
    assertTrue(model.getMessage().contains("model.layers is 2 here, 1 there"), model.getMessage());
    DuovoxException corpus =
        assertThrows(
            DuovoxException.class,
            () ->
                train(
                    "run",
                    config(),
                    model(),
                    Toy.corpus(20, 9, 7),
                    0,
                    true,
                    TrainListener.NONE));
    assertEquals(Kind.BAD_DATA, corpus.kind());
    assertTrue(corpus.getMessage().contains("another corpus"), corpus.getMessage());
    // What changes no result may change.
    run("run", config("checkpoints.keep=5", "slots=2", "guards.max_skipped=3"), 0, true);
  }

  @Test
  void checkpointOfAnotherRunIsRefused() throws IOException {
    run("run", config(), 5, false);
    run("other", config("seed=1"), 6, false);
    Files.move(
        folder.resolve("other/checkpoints/step-00000006"),
        folder.resolve("run/checkpoints/step-00000006"));
    DuovoxException error =
        assertThrows(DuovoxException.class, () -> run("run", config(), 0, true));
    assertTrue(error.getMessage().contains("it is of another run"), error.getMessage());
    train("wide", config(), model("hidden=16"), corpus(), 7, false, TrainListener.NONE);
    Files.move(
        folder.resolve("wide/checkpoints/step-00000007"),
        folder.resolve("run/checkpoints/step-00000007"));
    error = assertThrows(DuovoxException.class, () -> run("run", config(), 0, true));
    assertTrue(error.getMessage().contains("is of another model"), error.getMessage());
    assertTrue(error.getMessage().contains("hidden is 32 here, 16 there"), error.getMessage());
  }

  @Test
  void anotherNumberOfThreadsIsTold() {
    run("run", config(), 5, false);
    List<String> warnings = new ArrayList<>();
    run("run", config("threads=2"), 0, true, warningsTo(warnings));
    assertTrue(warnings.getFirst().contains("threads of libtorch (1, here 2)"), warnings + "");
  }

  @Test
  void resumingNothingStartsAndResumingAFinishedRunChangesNothing() throws IOException {
    run("whole", config(), 0, false);
    Pretrainer.Result fresh = run("fresh", config(), 0, true);
    assertSame("whole", "fresh");
    byte[] before = bytes("fresh", "console.log");
    Pretrainer.Result again = run("fresh", config(), 0, true);
    assertEquals(fresh, again);
    assertArrayEquals(before, bytes("fresh", "console.log"));
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
    try (ResumableRun run = ResumableRun.open(folder.resolve("run"), false)) {
      new Pretrainer(config(), Device.CPU, asking).run(model(), corpus(), run, control);
    }
    assertEquals(List.of("step-00000006"), checkpoints("run"));
  }

  @Test
  void earlyStoppingKeepsTheBestModel() throws IOException {
    // A rate so high that the loss rises again soon.
    PretrainConfig config =
        config("steps=400", "learning_rate=0.3", "validation.patience=2", "validation.every_steps=2");
    Pretrainer.Result result = run("run", config, 0, false);
    assertTrue(result.finished());
    assertTrue(result.steps() < 400, result + "");
    var told = org.duovox.io.Json.tree(folder.resolve("run/result.json"));
    assertTrue(told.path("stopped_early").asBoolean());
    long best = told.path("best_step").asLong();
    assertEquals(best, told.path("model_step").asLong());
    assertEquals(result.steps() - 4, best);
    assertArrayEquals(
        bytes("run", "checkpoints/best-%08d/model.safetensors".formatted(best)),
        bytes("run", "model.safetensors"));
    // Without checkpoints, as recipes train, it is the same model.
    new Pretrainer(config, Device.CPU, TrainListener.NONE)
        .run(model(), corpus(), folder.resolve("plain"));
    assertArrayEquals(bytes("run", "model.safetensors"), bytes("plain", "model.safetensors"));
    assertFalse(Files.exists(folder.resolve("plain/best")));
  }

  private void failAfter(String name, PretrainConfig config, long step) {
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

  private static TrainListener warningsTo(List<String> warnings) {
    return new TrainListener() {
      @Override
      public void warning(String text) {
        warnings.add(text);
      }
    };
  }

  private Pretrainer.Result run(String name, PretrainConfig config, long stop, boolean resume) {
    return run(name, config, stop, resume, TrainListener.NONE);
  }

  private Pretrainer.Result run(
      String name, PretrainConfig config, long stop, boolean resume, TrainListener listener) {
    return train(name, config, model(), corpus(), stop, resume, listener);
  }

  /// Trains, and asks to leave in the middle of step `stop` unless that is 0.
  private Pretrainer.Result train(
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
    Listeners both = new Listeners().add(leaving).add(listener);
    try (ResumableRun run = ResumableRun.open(folder.resolve(name), resume)) {
      return new Pretrainer(config, Device.CPU, both).run(model, corpus, run, control);
    }
  }

  private void assertSame(String expected, String actual) throws IOException {
    for (String file : List.of("metrics.jsonl", "model.safetensors", "config.json")) {
      assertArrayEquals(bytes(expected, file), bytes(actual, file), actual + "/" + file);
    }
  }

  private byte[] bytes(String run, String file) throws IOException {
    return Files.readAllBytes(folder.resolve(run).resolve(file));
  }

  private List<String> checkpoints(String run) throws IOException {
    try (var paths = Files.list(folder.resolve(run).resolve("checkpoints"))) {
      return paths.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  private static PretrainConfig config(String... settings) {
    String[] all = java.util.Arrays.copyOf(settings, settings.length + 2);
    System.arraycopy(settings, 0, all, 2, settings.length);
    all[0] = "steps=" + STEPS;
    all[1] = "validation_fraction=0.25";
    return ToyTraining.config(all);
  }

  private static ModelConfig model(String... settings) {
    List<String> all = new ArrayList<>(List.of("model.dropout=0.1"));
    for (String setting : settings) {
      all.add("model." + setting);
    }
    return Settings.read(null, all, List.of("model"))
        .section("model", ModelConfig.class, ToyModel.dual());
  }

  private static Corpus corpus() {
    return Toy.corpus(16, 9, 7);
  }
}
