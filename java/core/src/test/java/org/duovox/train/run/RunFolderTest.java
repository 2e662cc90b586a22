package org.duovox.train.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.duovox.DuovoxException;
import org.duovox.DuovoxException.Kind;
import org.duovox.model.ToyModel;
import org.duovox.testing.Failures;
import org.duovox.train.Pretrainer;
import org.duovox.train.ToyTraining;
import org.duovox.train.TrainHost;
import org.duovox.train.log.TrainLine;
import org.duovox.train.log.TrainListener;
import org.duovox.units.Toy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RunFolderTest {
  @TempDir Path folder;

  @Test
  void twoRunsInOneFolderAreRefused() {
    Path run = folder.resolve("run");
    try (RunFolder first = RunFolder.open(run, false)) {
      assertEquals(run, first.folder());
      for (boolean resume : new boolean[] {false, true}) {
        DuovoxException error =
            assertThrows(DuovoxException.class, () -> RunFolder.open(run, resume));
        assertEquals(Kind.CANNOT_CREATE, error.kind());
        assertTrue(error.getMessage().contains("another process trains in"), error.getMessage());
        assertTrue(
            error.getMessage().contains("process " + ProcessHandle.current().pid()),
            error.getMessage());
      }
    }
    RunFolder.open(run, false).close();
  }

  @Test
  void aRunThatIsThereIsNotReplaced() throws IOException {
    Path run = folder.resolve("run");
    train(run);
    DuovoxException error = assertThrows(DuovoxException.class, () -> RunFolder.open(run, false));
    assertEquals(Kind.CANNOT_CREATE, error.kind());
    assertTrue(error.getMessage().contains("--resume"), error.getMessage());
    assertTrue(Files.exists(run.resolve("model.safetensors")));
  }

  @Test
  void foreignFilesAreRefused() throws IOException {
    Files.writeString(folder.resolve("thesis.tex"), "text");
    for (boolean resume : new boolean[] {false, true}) {
      DuovoxException error =
          assertThrows(DuovoxException.class, () -> RunFolder.open(folder, resume));
      assertTrue(error.getMessage().contains("thesis.tex"), error.getMessage());
    }
    DuovoxException file =
        assertThrows(
            DuovoxException.class, () -> RunFolder.open(folder.resolve("thesis.tex"), false));
    assertEquals(Kind.CANNOT_CREATE, file.kind());
  }

  @Test
  void aRunRefusedBeforeItBeganLeavesNothing() {
    Path run = folder.resolve("run");
    try (RunFolder open = RunFolder.open(run, false)) {
      assertThrows(
          DuovoxException.class,
          () ->
              new Pretrainer(
                      ToyTraining.config("steps=5", "warmup=9"), TrainHost.cpu(TrainListener.NONE))
                  .run(ToyModel.dual(), Toy.corpus(8, 9, 7), open));
    }
    assertFalse(Files.exists(run));
  }

  @Test
  void everythingThatWasSaidAndDecidedIsInTheFolder() throws IOException {
    Path run = folder.resolve("run");
    train(run);
    String console = Files.readString(run.resolve("console.log"));
    assertTrue(console.contains("s:5 loss:") && console.contains("units/s:"), console);
    assertTrue(console.contains("checkpoint checkpoints/step-00000003 in 0."), console);
    assertFalse(Files.readString(run.resolve("metrics.jsonl")).contains("second"));
    assertTrue(Files.readString(run.resolve("timing.jsonl")).contains("\"units_per_second\":"));
    String environment = Files.readString(run.resolve("environment.json"));
    for (String key : new String[] {"libtorch", "jvm", "cpu", "threads", "corpus_sha256"}) {
      assertTrue(environment.contains("\"" + key + "\""), environment);
    }
    String settings = Files.readString(run.resolve("train.json"));
    assertTrue(settings.contains("\"config_sha256\""), settings);
  }

  @Test
  void whatEditorsChangeInTheFilesDoesNotMatter() throws IOException {
    Path run = folder.resolve("run");
    train(run);
    List<TrainLine> lines = RunFolder.metrics(run);
    Path console = run.resolve("console.log");
    Files.writeString(console, Files.readString(console) + "warning: gr\u00f6\u00dfer\n");
    List<String> remarks = RunFolder.remarks(run);
    assertTrue(remarks.contains("warning: gr\u00f6\u00dfer"), remarks.toString());
    for (Path file : List.of(run.resolve("metrics.jsonl"), console)) {
      String text = Files.readString(file);
      Files.writeString(file, "\uFEFF" + text.replace("\n", "\r\n") + "\r\n");
    }
    assertEquals(lines, RunFolder.metrics(run));
    assertEquals(remarks, RunFolder.remarks(run));
    Files.writeString(run.resolve("metrics.jsonl"), "{}\n", StandardOpenOption.APPEND);
    Failures.assertFails(Kind.BAD_DATA, () -> RunFolder.metrics(run), "metrics.jsonl:");
    Failures.assertFails(Kind.MISSING_INPUT, () -> RunFolder.metrics(folder), "not a training run");
  }

  private static void train(Path target) {
    ToyTraining.train(
        ToyTraining.config("steps=7", "checkpoints.every_steps=3"),
        ToyModel.dual(),
        Toy.corpus(8, 9, 7),
        target,
        TrainListener.NONE);
  }
}
