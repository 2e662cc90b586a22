package org.duovox.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tests `duovox run` after it was killed during its trainings, and with trainings that fail.
final class RunResumeTest {
  private static final String FINETUNE =
      "evaluations.finetune={steps: 12, batch_size: 4, report_every: 2, checkpoints: {every_steps: 3}}";

  @TempDir private Path folder;

  @BeforeEach
  void write() throws IOException {
    String library = System.getProperty("duovox.library", "");
    assumeTrue(
        Files.isRegularFile(Path.of(library)), "the native library is not built: " + library);
    TonesRecipe.write(folder);
  }

  @Test
  void recipeKilledInPretrainingAndInFineTuningEndsOnTheSameResults() throws Exception {
    assertEquals(0, run("whole", "no such line", "").code());
    CliProcess first = run("killed", "pretrain-instrument_low-dual s:8 ", "KILL");
    assertTrue(first.code() != 0, first + "");
    String pretrained = newest("pretrain-instrument_low-dual/checkpoints");
    CliProcess second = run("killed", "finetune-instrument_low-dual s:8 ", "KILL");
    assertTrue(second.code() != 0, second + "");
    assertTrue(
        said(second, "pretrain-instrument_low-dual: resumed from checkpoints/" + pretrained),
        second + "");
    String tuned = newest("finetune-instrument_low-dual/model/checkpoints");
    CliProcess third = run("killed", "no such line", "");
    assertEquals(0, third.code(), third + "");
    assertTrue(
        said(third, "finetune-instrument_low-dual: resumed from checkpoints/" + tuned), third + "");
    for (String file :
        List.of(
            "results.json",
            "stages/pretrain-instrument_low-dual/metrics.jsonl",
            "stages/pretrain-instrument_low-dual/model.safetensors",
            "stages/finetune-instrument_low-dual/model/metrics.jsonl",
            "stages/finetune-instrument_low-dual/model/model.safetensors")) {
      assertArrayEquals(
          Files.readAllBytes(folder.resolve("whole").resolve(file)),
          Files.readAllBytes(folder.resolve("killed").resolve(file)),
          file);
    }
    Path trained = folder.resolve("killed/stages/pretrain-instrument_low-dual");
    assertFalse(Files.exists(trained.resolve("checkpoints")), "nobody will resume it");
    assertFalse(Files.exists(folder.resolve("killed/stages/pretrain-instrument_low-dual.begun")));
  }

  /// Returns the last whole checkpoint of a training that was killed after it had said step 8: that
  /// of step 6, or a later one where the machine was slow to kill it.
  private String newest(String checkpoints) throws IOException {
    try (var paths = Files.list(folder.resolve("killed/stages").resolve(checkpoints))) {
      String newest =
          paths
              .map(path -> path.getFileName().toString())
              .filter(name -> name.matches("step-\\d+"))
              .max(Comparator.naturalOrder())
              .orElseThrow();
      assertTrue(newest.compareTo("step-00000006") >= 0, newest);
      return newest;
    }
  }

  /// Without a checkpoint that was due anyway.
  @Test
  void aSignalSavesAfterTheStepAndTheSameCommandGoesOn() throws Exception {
    String[] settings = {"pretrain.checkpoints.every_steps=1000000", "pretrain.steps=30000"};
    CliProcess stopped = run("stopped", "pretrain-instrument_high-dual s:4 ", "TERM", settings);
    assertEquals(143, stopped.code(), stopped + "");
    assertTrue(said(stopped, "SIGTERM: finishing the step and saving"), stopped + "");
    assertFalse(said(stopped, "failed"), stopped + "");
    CliProcess again = run("stopped", "pretrain-instrument_high-dual: resumed", "TERM", settings);
    assertEquals(143, again.code(), again + "");
    assertTrue(
        said(again, "pretrain-instrument_high-dual: resumed from checkpoints/step-"), again + "");
  }

  @Test
  void aSignalSavesTheTrainingsOfAllFolds() throws Exception {
    List<String> words = words("both", "pretrain.steps=30000", "pretrain.report_every=1");
    words.set(words.indexOf("--jobs") + 1, "2");
    List<String> folds = List.of("pretrain-instrument_high-dual", "pretrain-instrument_low-dual");
    Set<String> quiet = new HashSet<>(folds);
    CliProcess stopped =
        CliProcess.run(
            words,
            (process, line) -> {
              boolean first = quiet.removeIf(fold -> line.startsWith(fold + " s:"));
              if (first && quiet.isEmpty()) {
                CliProcess.signal(process, "TERM");
              }
            });
    assertEquals(143, stopped.code(), stopped + "");
    assertFalse(said(stopped, "failed"), stopped + "");
    for (String fold : folds) {
      Path stage = folder.resolve("both/stages").resolve(fold);
      List<String> log = Files.readAllLines(stage.resolve("console.log"));
      assertTrue(log.getLast().startsWith("checkpoint checkpoints/step-"), log.getLast());
    }
  }

  @Test
  void aSignalEndsAStageWithoutTrainingInOrder() throws Exception {
    // The line comes when the features are there; the units of the first fold are next.
    CliProcess stopped = run("units", "features ", "TERM", "quantizers.contextual.epochs=10000");
    assertEquals(143, stopped.code(), stopped + "");
    assertTrue(said(stopped, "interrupted; what had finished is kept"), stopped + "");
    assertFalse(Files.exists(folder.resolve("units/stages/units-instrument_high.json")));
    CliProcess again = run("units", "no such line", "");
    assertEquals(0, again.code(), again + "");
    assertTrue(
        again.lines().stream().anyMatch(line -> line.matches("features +reused")), again + "");
  }

  @Test
  void beginningOfATrainingWithOtherSettingsIsNotGoneOnWith() throws Exception {
    run("other", "pretrain-instrument_high-dual s:8 ", "KILL");
    CliProcess changed = run("other", "no such line", "", "pretrain.seed=9");
    assertEquals(0, changed.code(), changed + "");
    assertFalse(said(changed, "pretrain-instrument_high-dual: resumed"), changed + "");
  }

  @Test
  void trainingWithoutAWholeCheckpointBeginsAnew() throws Exception {
    run("damaged", "pretrain-instrument_high-dual s:8 ", "KILL");
    Path checkpoints = folder.resolve("damaged/stages/pretrain-instrument_high-dual/checkpoints");
    try (var paths = Files.list(checkpoints)) {
      for (Path checkpoint : paths.toList()) {
        Files.writeString(checkpoint.resolve("state.json"), "{");
      }
    }
    CliProcess again = run("damaged", "no such line", "");
    assertEquals(0, again.code(), again + "");
    assertTrue(said(again, "the training begins anew"), again + "");
  }

  @Test
  void whatATrainingSaysReachesTheConsoleItsLogAndThePage() throws Exception {
    Cli run = command("told");
    assertEquals(0, run.code(), run.err());
    String stage = "pretrain-instrument_high-dual";
    for (String text : List.of(": memory: about", ": predictors without a network")) {
      assertTrue(run.err().contains(stage + text), run.err());
    }
    String log = Files.readString(folder.resolve("told/stages/" + stage + "/console.log"));
    assertTrue(log.contains("remark: memory: about"), log);
    String page = Files.readString(folder.resolve("told/report.html"));
    assertTrue(page.contains(stage + ": predictors without a network"), page);
  }

  @Test
  void divergedTrainingEndsTheRunWithItsOwnCodeAndIsNotAResult() throws Exception {
    Cli run = command("bad", "--set", "pretrain.epsilon=1e-300");
    assertEquals(76, run.code(), run.err());
    assertTrue(run.err().contains("diverged"), run.err());
    assertFalse(Files.exists(folder.resolve("bad/results.json")));
    assertFalse(Files.exists(folder.resolve("bad/stages/pretrain-instrument_high-dual.json")));
  }

  private Cli command(String out, String... more) {
    List<Object> words = new ArrayList<>(words(out));
    words.addAll(List.of(more));
    return Cli.run(words.toArray());
  }

  private List<String> words(String out, String... settings) {
    List<String> words =
        new ArrayList<>(
            List.of(
                "run",
                folder.resolve("recipe.yaml").toString(),
                "--out",
                folder.resolve(out).toString(),
                "--jobs",
                "1",
                "--verbose"));
    List<String> all =
        new ArrayList<>(
            List.of(
                "pretrain.steps=12",
                "pretrain.report_every=2",
                "pretrain.checkpoints.every_steps=3",
                "model.dropout=0.1"));
    all.addAll(List.of(settings));
    all.forEach(setting -> words.addAll(List.of("--set", setting)));
    return words;
  }

  private CliProcess run(String out, String trigger, String signal, String... settings)
      throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of(settings));
    all.add(FINETUNE);
    boolean[] done = {false};
    return CliProcess.run(
        words(out, all.toArray(String[]::new)),
        (process, line) -> {
          if (!done[0] && line.startsWith(trigger)) {
            done[0] = true;
            CliProcess.signal(process, signal);
          }
        });
  }

  private static boolean said(CliProcess process, String text) {
    return process.lines().stream().anyMatch(line -> line.contains(text));
  }
}
