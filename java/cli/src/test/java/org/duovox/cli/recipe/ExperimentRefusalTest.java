package org.duovox.cli.recipe;

import static org.duovox.cli.recipe.TonesGrid.GRID;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.duovox.cli.Cli;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tests what `duovox experiment` refuses, with the place, before any work.
class ExperimentRefusalTest {
  @TempDir private Path folder;
  private TonesGrid grid;

  @BeforeEach
  void write() throws IOException {
    grid = TonesGrid.write(folder);
  }

  private void refused(String text, int code, String... messages) throws IOException {
    grid.set(text);
    Path out = folder.resolve("out");
    Cli cli = grid.run(out);
    assertEquals(code, cli.code(), cli.err());
    for (String message : messages) {
      assertTrue(cli.err().contains(message), message + "\n" + cli.err());
    }
    assertFalse(Files.exists(out), "refused before anything is written");
  }

  @Test
  void whatIsWrongIsToldBeforeAnythingRuns() throws IOException {
    refused(
        GRID.replace("  seed: [1", "  sead: [1"),
        78,
        "grid.yaml:12:",
        "unknown axis 'sead'; did you mean 'seed'?");
    refused(
        GRID.replace("model.dropout: 0", "model.dropou: 0"),
        78,
        "grid.yaml:9:",
        "unknown key 'dropou'; did you mean 'dropout'?");
    refused(
        GRID.replace("  seed: [1, 2]", "  seed: [1, 2]\n  align.shift_ms: [10, ten]"),
        78,
        "grid.yaml:13:",
        "'shift_ms' must be a number");
    refused(
        GRID.replace("of: {system: dual}", "of: {system: duel}"),
        78,
        "comparisons[0].of: the axis 'system' has no value 'duel'; did you mean 'dual'?");
    refused(
        GRID.replace("of: {system: \"*\"}", "of: {sistema: \"*\"}")
            .replace("against: {system: dual}", "against: {sistema: dual}"),
        78,
        "no axis 'sistema'; the grid has 'system' (",
        "grid.yaml:11:3): one of the two is misspelt");
    refused(GRID.replace("recipe.yaml", "none.yaml"), 66, "grid.yaml:4:", "no such recipe");
    refused(GRID.replace("seed: [1, 2]", "seed: [1, 1]"), 78, "has the value '1' twice");
    refused(
        GRID.replace("seed: [1, 2]", "seed: {a: {seed: 1}, b: {seed: 1}}"),
        78,
        "the cells seed=a,system=dual and seed=b,system=dual are one recipe");
    refused(GRID.replace("metric: auc", "metric: acu"), 78, "'metric' must be one of", "auc");
    refused(
        GRID.replace("  system: [dual, contextual]\n", "  system: [dual, contextual, raw]\n"),
        78,
        "systems: raw and words have no model");
    refused(
        GRID.replace("metric: probe", "metric: finetune"),
        78,
        "grid.yaml:14:5: comparisons: ",
        "evaluations.finetune");
    refused(
        GRID.replace("  - metric: auc", "  - metric: auc\n    dataset: klass"),
        78,
        "grid.yaml:18:5: comparisons: ",
        "has 'klass' in its name; there are synthetic/tones");
    refused(
        GRID.replace("    of: {system: dual}\n", "    of: {system:}\n"),
        78,
        "grid.yaml:16:",
        "'system' must be text, but is nothing");
    refused(
        GRID.replace("seed: [1, 2]", "seed: [1, null]"),
        78,
        "grid.yaml:12:",
        "'seed' must be a whole number, but is nothing");
    refused(GRID.replace("root: meaning", "root: meaning, metric: null"), 78, "must be named");
    refused(GRID.replace("root: meaning", "root: nowhere"), 66, "nowhere/dev has no gold.csv");
    refused(GRID.replace("draws: 200", "drows: 200"), 78, "unknown key 'drows'", "draws");
  }

  @Test
  void placesAreThoseOfTheGrid() throws IOException {
    refused(GRID.replace("seed: [1, 2]", "seed: [one, 2]"), 78, "grid.yaml:12:10: 'seed' must be");
    refused(
        GRID.replace("of: {system: dual}\n", "of: {system: contextual}\n"),
        78,
        "grid.yaml:14:",
        "comparisons[0]: compares");
    refused(
        GRID.replace(
            "of: {system: dual}\n", "of: {system: dual}\n    where: {system: contextual}\n"),
        78,
        "grid.yaml:14:",
        "comparisons[0].where: the axis 'system' is compared");
  }

  @Test
  void whatWouldNotBeWhatItsNameSaysIsRefused() throws IOException {
    refused(
        GRID.replace("  seed: [1, 2]", "  seed: {a: {seed: 1}, b: {seed: 2, pretrain.steps: 9}}"),
        78,
        "grid.yaml:12:",
        "the axis 'seed' sets seeds alone, not pretrain.steps");
    refused(
        GRID.replace(
            "  seed: [1, 2]",
            "  model: {dry: {model.dropout: 0}, wet: {model.dropout: 0.1, model.layers: 2}}\n"
                + "  model.dropout: [0.2, 0.3]"),
        78,
        "grid.yaml:13:",
        "the axis 'model.dropout' sets model.dropout, and so does the axis 'model'");
    refused(
        GRID.replace(
            "  seed: [1, 2]",
            "  quantizers.phonetic: [{clusters: 4}, {clusters: 5}]\n"
                + "  quantizers.phonetic.clusters: [6, 7]"),
        78,
        "the axis 'quantizers.phonetic.clusters' sets quantizers.phonetic.clusters, and so does");
    refused(
        GRID.replace("[dual, contextual]", "[dual]")
            .replace("of: {system: dual}", "of: {system: \"*\"}")
            .replace("{system: contextual}", "{system: dual}"),
        78,
        "grid.yaml:14:",
        "comparisons[0]: compares nothing");
    refused(
        GRID.replace("  seed: [1, 2]", "  seed: [1, 2]\n  pretrain.seed: [3, 4]"),
        78,
        "grid.yaml:13:",
        "the axis 'pretrain.seed' sets pretrain.seed, and so does the axis 'seed'");
    refused(
        GRID.replace("metric: probe", "metric: auc"),
        78,
        "grid.yaml:18:",
        "compares contextual against dual a second time");
    refused(
        GRID.replace("seed: [1, 2]", "seed: {%s: {seed: 1}}".formatted("a".repeat(300))),
        78,
        "is too long for a folder (317 of 255 characters)");
  }

  @Test
  void optionsThatNoCellCouldUseAreToldBeforeAnythingRuns() throws IOException {
    refused(GRID.replace("model.dropout: 0", "threads: 5000"), 78, "threads must be 1 to 1024");
    grid.set(GRID);
    Path out = folder.resolve("out");
    Cli threads = grid.run(out, "--threads", "5000");
    assertEquals(2, threads.code(), threads.err());
    Cli seed = grid.run(out, "--set", "pretrain.seed=7");
    assertEquals(2, seed.code(), seed.err());
    assertTrue(seed.err().contains("--set pretrain.seed: the axis 'seed' sets it"), seed.err());
    Cli half = grid.run(out, "--set", "model.dropout");
    assertEquals(2, half.code(), half.err());
    assertTrue(
        half.err().startsWith("duovox: --set model.dropout: must read key=value"), half.err());
    assertFalse(Files.exists(out));
    refused(
        GRID.replace("model.dropout: 0", "model.seed: 7"),
        78,
        "grid.yaml:9:",
        "and by the axis 'seed'");
  }

  @Test
  void wordsThatCannotBeScoredAreToldBeforeAnyTraining() throws IOException {
    for (String part : List.of("dev", "test")) {
      Path set = folder.resolve("meaning").resolve(part);
      Path pairs = set.resolve("pairs.csv");
      String before = Files.readString(pairs);
      Files.writeString(pairs, before + "synthetic,tones,rise0,unicorn,1,1\n");
      refused(GRID, 65, part + "/pairs.csv:6: ", "for the word \"unicorn\"");
      Files.writeString(pairs, before);
      Path recording = set.resolve("synthetic/rise0.wav");
      byte[] audio = Files.readAllBytes(recording);
      Files.delete(recording);
      refused(GRID, 66, part + "/gold.csv: 1 of 4 words have no recording", "synthetic/rise0");
      Files.write(recording, audio);
    }
    Files.move(folder.resolve("meaning/dev"), folder.resolve("meaning/away"));
    refused(GRID, 66, "evaluations.words.root: ", "meaning/dev has no gold.csv");
  }

  @Test
  void pairsThatAreAllJudgedAlikeAreToldBeforeAnyTraining() throws IOException {
    Path pairs = folder.resolve("meaning/test/pairs.csv");
    Files.writeString(
        pairs, Files.readString(pairs).replaceAll("(?m)^(synthetic,.*),[^,]+,[^,]+$", "$1,3,3"));
    refused(GRID, 65, "meaning: all pairs of synthetic/tones are judged 3.0");
  }

  @Test
  void dataThatNobodyCanTrainOnAreToldBeforeAnyAudioIsRead() throws IOException {
    refused(
        GRID.replace("  model.dropout: 0\n", "  data.pretrain_where: {instrument: lute}\n"),
        65,
        "data.pretrain_where: no training utterance of fold high has {instrument=lute}",
        "they have {instrument=[high, low]}");
    refused(
        GRID.replace("  model.dropout: 0\n", "  data.label: note\n"), 65, "has no field 'note'");
  }

  @Test
  void recordingsThatAreNotThereAreToldBeforeAnyTraining() throws IOException {
    for (String name : List.of("rise0", "rise1", "fall0", "fall1")) {
      Files.delete(folder.resolve("audio").resolve(name + ".wav"));
    }
    String first = "rise0: cannot read " + folder.resolve("audio/rise0.wav");
    refused(GRID, 65, ": 4 of ", " recordings are not there or cannot be read", first);
  }

  @Test
  void aGridOfTooManyCellsIsCounted() throws IOException {
    String many =
        Stream.iterate(1, i -> i + 1)
            .limit(400)
            .map(String::valueOf)
            .reduce((a, b) -> a + ", " + b)
            .orElseThrow();
    refused(
        GRID.replace("seed: [1, 2]", "seed: [" + many + "]\n  pretrain.steps: [" + many + "]"),
        78,
        "the grid has 320,000 cells",
        "at most 10,000");
  }

  @Test
  void aFolderWithOtherFilesIsLeftAlone() throws IOException {
    Path out = Files.createDirectories(folder.resolve("mine"));
    Files.writeString(out.resolve("letter.txt"), "Dear");
    Cli cli = grid.run(out, "--no-probe");
    assertEquals(73, cli.code(), cli.err());
    assertTrue(cli.err().contains("letter.txt"), cli.err());
    Cli probing = grid.run(out);
    assertTrue(probing.err().startsWith("duovox: " + out), "before the probe: " + probing.err());
  }

  @Test
  void aLinkToStagesThatAreGoneIsTold() throws IOException {
    Path out = Files.createDirectories(folder.resolve("out"));
    Files.createSymbolicLink(out.resolve("stages"), folder.resolve("gone"));
    Cli cli = grid.run(out, "--no-probe");
    assertEquals(73, cli.code(), cli.err());
    assertTrue(cli.err().contains("gone, which does not exist; create that"), cli.err());
  }
}
