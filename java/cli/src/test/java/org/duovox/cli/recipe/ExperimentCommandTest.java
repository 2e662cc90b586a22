package org.duovox.cli.recipe;

import static org.duovox.cli.recipe.TonesGrid.GRID;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.duovox.cli.Cli;
import org.duovox.experiment.CellState;
import org.duovox.experiment.Experiment;
import org.duovox.experiment.Experiment.Given;
import org.duovox.experiment.ExperimentFiles;
import org.duovox.experiment.ExperimentFiles.ArmRow;
import org.duovox.experiment.ExperimentListener;
import org.duovox.experiment.ExperimentRunner;
import org.duovox.internal.Device;
import org.duovox.io.json.Json;
import org.duovox.train.log.TrainControl;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Tests `duovox experiment` on synthetic tones: what it plans, shares, writes and resumes.
class ExperimentCommandTest {
  @TempDir private Path folder;
  private TonesGrid grid;

  @BeforeEach
  void write() throws IOException {
    grid = TonesGrid.write(folder);
  }

  /// An experiment that is stopped in the middle of a training and goes on has the results of one
  /// that was not.
  @Test
  void stoppedInATrainingItGoesOnToTheSameBytes() throws IOException {
    grid.set(GRID.replace("  model.dropout: 0", "  model.dropout: 0.1\n  pretrain.steps: 30"));
    Path whole = folder.resolve("whole");
    assertEquals(0, grid.run(whole, "--no-probe").code());
    Path stopped = folder.resolve("stopped");
    Experiment experiment = Experiment.read(grid.file(), new Given(null, List.of(), 0, null));
    TrainControl control = new TrainControl();
    ExperimentListener leave =
        new ExperimentListener() {
          @Override
          public void progress(String cell, String stage, long done, long all, String unit) {
            if (cell.startsWith("seed=2") && stage.startsWith("pretrain") && done >= 10) {
              control.leave();
            }
          }
        };
    ExperimentRunner.Outcome outcome =
        new ExperimentRunner(experiment, stopped, 2, Device.CPU, control, leave).run(null, false);
    assertTrue(outcome.waiting() > 0, "stopped before the end");
    assertFalse(Files.exists(stopped.resolve("results.json")));
    Cli cli = grid.run(stopped, "--no-probe");
    assertEquals(0, cli.code(), cli.err());
    for (String file : List.of("results.json", "comparisons.json")) {
      assertArrayEquals(
          Files.readAllBytes(whole.resolve(file)), Files.readAllBytes(stopped.resolve(file)), file);
    }
  }

  private static long made(Cli cli, String stage) {
    return cli.err()
        .lines()
        .filter(line -> line.startsWith("seed=") && line.contains(" " + stage))
        .filter(line -> !line.contains("reused"))
        .filter(line -> !line.contains("shared with"))
        .count();
  }

  @Test
  void cellsShareTheirStagesAndAreCompared() {
    Path out = folder.resolve("out");
    Cli cli = grid.run(out);
    assertEquals(0, cli.code(), cli.err());
    assertTrue(cli.err().contains("4 cells = 2 of seed x 2 of system"), cli.err());
    assertTrue(cli.err().contains("s a step"), cli.err());
    assertEquals(1, made(cli, "features "), cli.err());
    assertEquals(1, made(cli, "units-"), cli.err());
    assertEquals(4, made(cli, "pretrain-"), cli.err());
    assertEquals(4, made(cli, "wordscores-"), cli.err());
    assertTrue(cli.err().contains("shared with seed=1,system="), cli.err());
    assertTrue(cli.err().contains("8 settings of layer and channel tried on dev"), cli.err());
    assertTrue(cli.err().contains("test scored 4 times"), cli.err());

    ExperimentFiles.Comparisons found = ExperimentFiles.Comparisons.read(out);
    assertEquals(2, found.comparisons().size());
    assertEquals("probe accuracy", found.comparisons().getFirst().metric());
    assertEquals(2, found.comparisons().getFirst().seeds());
    assertEquals(4, found.comparisons().get(1).items());
    assertTrue(cli.out().contains("Is it the melody?"), cli.out());
    assertTrue(cli.out().contains("dual against contextual: "), cli.out());

    ExperimentFiles.Scores scores = ExperimentFiles.Scores.read(out);
    assertEquals(
        List.of("auc", "spearman", "probe"),
        scores.arms().stream().map(ArmRow::metric).distinct().toList());
    assertEquals(8, scores.dev().size());
    assertTrue(scores.results().stream().anyMatch(row -> row.split().equals("test")));
    for (CellState cell : ExperimentFiles.State.read(out).cells()) {
      assertEquals(CellState.State.DONE, cell.state());
      assertTrue(Files.isRegularFile(out.resolve(cell.folder()).resolve("recipe.json")));
      assertTrue(cell.stages().stream().allMatch(s -> Files.isDirectory(out.resolve(s.folder()))));
    }
  }

  @Test
  void otherSettingsAreRefusedInTheSameFolder() throws IOException {
    Path out = folder.resolve("out");
    assertEquals(0, grid.run(out, "--no-probe").code());
    String found = Files.readString(out.resolve("results.json"));
    Cli other = grid.run(out, "--no-probe", "--set", "pretrain.steps=3");
    assertEquals(73, other.code(), other.err());
    assertTrue(other.err().contains("pretrain.steps is 3 here"), other.err());
    assertEquals(found, Files.readString(out.resolve("results.json")));
    Cli replaced = grid.run(out, "--no-probe", "--set", "pretrain.steps=3", "--replace");
    assertEquals(0, replaced.code(), replaced.err());
    assertEquals(0, grid.run(out, "--no-probe", "--set", "pretrain.steps=3").code());
  }

  @Test
  void anotherGridOfTheSameNameDoesNotReplaceResults() throws IOException {
    Path out = folder.resolve("out");
    assertEquals(0, grid.run(out, "--no-probe").code());
    String found = Files.readString(out.resolve("results.json"));
    grid.set(GRID.replace("seed: [1, 2]", "pretrain.seed: [1, 2]"));
    Cli other = grid.run(out, "--no-probe");
    assertEquals(73, other.code(), other.err());
    assertTrue(
        other.err().contains("seed=1,system=dual, which this grid does not have"), other.err());
    assertEquals(found, Files.readString(out.resolve("results.json")));
  }

  @Test
  void testStaysUnseenWhileSettingsAreChosen() {
    Path out = folder.resolve("out");
    Cli cli = grid.run(out, "--no-probe", "--set", "evaluations.words.test=false");
    assertEquals(0, cli.code(), cli.err());
    assertEquals(0, made(cli, "features-test"), cli.err());
    assertTrue(cli.err().contains("test scored 0 times"), cli.err());
    assertEquals(
        List.of("dev"),
        ExperimentFiles.Scores.read(out).results().stream()
            .filter(row -> row.task().equals("word meaning"))
            .map(ExperimentFiles.Row::split)
            .distinct()
            .toList());
  }

  @Test
  void theSameGridFromAnotherFolderGivesTheSameBytes(@TempDir Path elsewhere) throws IOException {
    Path one = folder.resolve("out");
    assertEquals(0, grid.run(one, "--jobs", "2", "--no-probe").code());
    TonesGrid.copy(folder, elsewhere.resolve("x"));
    Path other = elsewhere.resolve("other");
    Cli cli =
        Cli.run(
            "experiment",
            elsewhere.resolve("x/grid.yaml"),
            "--out",
            other,
            "--jobs",
            "1",
            "--no-probe");
    assertEquals(0, cli.code(), cli.err());
    for (String file : List.of("results.json", "comparisons.json", "comparisons.csv")) {
      assertArrayEquals(
          Files.readAllBytes(one.resolve(file)), Files.readAllBytes(other.resolve(file)), file);
    }
  }

  @Test
  void finishedCellsAreReused() {
    Path out = folder.resolve("out");
    assertEquals(0, grid.run(out, "--no-probe").code());
    Cli again = grid.run(out);
    assertEquals(0, again.code(), again.err());
    assertTrue(again.err().contains("by the 4 of 4 cells that are done"), again.err());
    for (String stage : List.of("features ", "units-", "pretrain-", "probe-", "wordscores-")) {
      assertEquals(0, made(again, stage), again.err());
    }
  }

  @Test
  void whatCellsShareIsForecastOnce() throws IOException {
    Path out = folder.resolve("out");
    assertEquals(0, grid.run(out, "--no-probe").code());
    Path file = out.resolve("experiment.json");
    ObjectNode state = (ObjectNode) Json.tree(file);
    for (JsonNode stage :
        state.findValues("stages").stream().flatMap(JsonNode::valueStream).toList()) {
      String name = stage.get("name").asString();
      double seconds = name.startsWith("features") ? 1000 : name.startsWith("pretrain") ? 10 : 0;
      ((ObjectNode) stage).put("seconds", seconds);
    }
    Files.writeString(file, Json.pretty(state));
    grid.set(GRID.replace("seed: [1, 2]", "seed: [1, 2, 3]"));
    Cli plan = grid.run(out, "--plan", "--jobs", "1");
    assertTrue(plan.out().contains("about 20.0 s, by the 4 of 6 cells that are done"), plan.out());
    Cli other = grid.run(out, "--plan", "--no-probe", "--set", "pretrain.steps=3");
    assertEquals(73, other.code(), other.err());
  }

  @Test
  void experimentsShareAFolderOfStages() throws IOException {
    Path stages = folder.resolve("common");
    Path first = folder.resolve("first");
    assertEquals(0, grid.run(first, "--no-probe", "--stages", stages.toString()).code());
    grid.set(GRID.replace("name: tones", "name: other").replace("seed: [1, 2]", "seed: [1, 2, 3]"));
    Path second = folder.resolve("second");
    Cli cli = grid.run(second, "--no-probe", "--stages", stages.toString());
    assertEquals(0, cli.code(), cli.err());
    assertEquals(0, made(cli, "features "), cli.err());
    assertEquals(2, made(cli, "pretrain-"), cli.err());
    assertTrue(Files.isSymbolicLink(second.resolve("stages")));

    Cli inside = grid.run(folder.resolve("fourth"), "--no-probe", "--stages", first.toString());
    assertEquals(73, inside.code(), inside.err());
    assertTrue(inside.err().contains("is the folder of an experiment"), inside.err());

    Path third = folder.resolve("third");
    Cli within = grid.run(third, "--no-probe", "--stages", third.resolve("cells").toString());
    assertEquals(73, within.code(), within.err());
    assertTrue(within.err().contains("lies in the folder of the experiment"), within.err());
    assertFalse(Files.exists(third), "nothing is left");
    Cli planned = grid.run(third, "--plan", "--stages", third.resolve("cells").toString());
    assertEquals(73, planned.code(), planned.err());

    Cli asBefore = grid.run(second, "--no-probe");
    assertEquals(0, asBefore.code(), asBefore.err());
    Cli elsewhere = grid.run(second, "--no-probe", "--stages", folder.resolve("more").toString());
    assertEquals(73, elsewhere.code(), elsewhere.err());
    assertTrue(
        elsewhere.err().contains("the stages that this one was begun with"), elsewhere.err());

    try (FileChannel channel = FileChannel.open(stages.resolve(".lock"), StandardOpenOption.WRITE);
        FileLock held = channel.lock()) {
      assertTrue(held.isValid());
      Cli busy = grid.run(folder.resolve("third"), "--no-probe", "--stages", stages.toString());
      assertEquals(73, busy.code(), busy.err());
      assertTrue(busy.err().contains("another process"), busy.err());
    }
  }

  @Test
  void aCellThatFailsFailsAlone() throws IOException {
    // A warm-up longer than the training is found when that begins.
    grid.set(
        GRID.replace(
                "system: [dual, contextual]",
                "system: {dual: {system: dual}, broken: {system: contextual, pretrain.warmup: 9}}")
            .replace("contextual}", "broken}"));
    Path out = folder.resolve("out");
    Cli cli = grid.run(out, "--no-probe");
    assertEquals(78, cli.code(), cli.err());
    assertTrue(cli.err().contains("cell seed=1,system=broken failed: "), cli.err());
    assertTrue(cli.err().contains("the others go on"), cli.err());
    List<CellState> cells = ExperimentFiles.State.read(out).cells();
    assertEquals(
        2, cells.stream().filter(c -> c.state() == CellState.State.DONE).count(), cli.err());
    assertTrue(cli.out().contains("cannot be told"), cli.out());
  }

  @Test
  void aPlanRunsNothing() {
    Path out = folder.resolve("out");
    Cli cli = grid.run(out, "--plan");
    assertEquals(0, cli.code(), cli.err());
    assertTrue(cli.out().contains("pretrain      4"), cli.out());
    assertTrue(cli.out().contains("units         1, shared by 4 cells"), cli.out());
    assertTrue(cli.out().contains("about "), cli.out());
    assertFalse(Files.exists(out));
  }

  @Test
  void floorAndCeilingAreScored() throws IOException {
    texts();
    grid.set(
        GRID.replace("system: [dual, contextual]", "system: [raw, random, phonetic, words]")
            .replace(
                "evaluations.ssimi: null", "evaluations.ssimi: null\n  evaluations.probe: null")
            .replace("metric: probe", "metric: spearman")
            .replace("of: {system: dual}", "of: {system: phonetic}")
            .replace("against: {system: contextual}", "against: {system: raw}")
            .replace("against: {system: dual}", "against: {system: random}"));
    Path out = folder.resolve("out");
    Cli cli = grid.run(out, "--no-probe");
    assertEquals(0, cli.code(), cli.err());
    assertEquals(2, made(cli, "pretrain-high-phonetic"), cli.err());
    assertEquals(2, made(cli, "pretrain-high-words"), cli.err());
    assertTrue(
        ExperimentFiles.Scores.read(out).dev().stream()
            .anyMatch(row -> row.setting().equals("phonetic codebook")));
  }

  /// Gives every recording the words of the test set as its text.
  private void texts() throws IOException {
    Path manifest = folder.resolve("audio/tones.jsonl");
    Files.writeString(
        manifest,
        Files.readString(manifest)
            .replace("\"split\"", "\"text\": \"rise0 rise1, fall0 fall1\", \"split\""));
  }

  @Test
  void sizesLayTheirValuesOverTheGrid() throws IOException {
    grid.set(GRID + "sizes:\n  small: {}\n  large: {axes: {seed: [1, 2, 3]}, budget_hours: 1}\n");
    assertTrue(
        grid.run(folder.resolve("o"), "--plan", "--no-probe")
            .out()
            .contains("size small: 4 cells"));
    assertTrue(
        grid.run(folder.resolve("o"), "--plan", "--no-probe", "--size", "large")
            .out()
            .contains("size large: 6 cells"));
    Cli none = grid.run(folder.resolve("o"), "--plan", "--size", "huge");
    assertEquals(78, none.code());
    assertTrue(none.err().contains("has no size 'huge'; it has small, large"), none.err());
  }

  @Test
  void noCellBeginsAfterTheBudget() throws IOException {
    grid.set(GRID + "budget_hours: 1e-9\n");
    Path out = folder.resolve("out");
    Cli cli = grid.run(out);
    assertEquals(75, cli.code(), cli.err());
    assertTrue(cli.err().contains("no cell begins after that"), cli.err());
    assertTrue(cli.out().contains("4 cells not begun or not finished"), cli.out());
    grid.set(GRID);
    assertEquals(0, grid.run(out, "--no-probe").code());
  }
}
