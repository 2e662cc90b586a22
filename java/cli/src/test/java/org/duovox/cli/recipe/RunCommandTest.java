package org.duovox.cli.recipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.duovox.cli.Cli;
import org.duovox.cli.TonesRecipe;
import org.duovox.internal.BuildIdentity;
import org.duovox.io.json.Json;
import org.duovox.recipe.Results;
import org.duovox.recipe.Results.Row;
import org.duovox.recipe.StageRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tests `duovox run` on two folds of synthetic tones: what it writes, reuses and refuses.
class RunCommandTest {
  @TempDir private Path folder;

  @BeforeEach
  void write() throws IOException {
    TonesRecipe.write(folder);
  }

  private Cli run(String... more) {
    List<Object> words =
        new ArrayList<>(
            List.of("run", folder.resolve("recipe.yaml"), "--out", folder.resolve("out")));
    words.addAll(List.of(more));
    return Cli.run(words.toArray());
  }

  private List<String> splits(String task) {
    return Results.read(folder.resolve("out")).results().stream()
        .filter(row -> row.task().startsWith(task))
        .map(Row::split)
        .toList();
  }

  @Test
  void foldsHaveTheirMeanAndStagesSayWhatBecameOfThem() {
    Cli first = run();
    assertEquals(0, first.code(), first.err());
    List<String> expected = List.of("instrument=high", "instrument=low", "mean");
    assertEquals(expected, splits("melody"));
    assertEquals(expected, splits("sSIMI"));
    assertFalse(first.err().contains("made again"), first.err());
    assertTrue(first.out().contains("sSIMI  synthetic/tones  mean"), first.out());

    Cli second = run();
    assertEquals(0, second.code(), second.err());
    assertEquals(
        first.err().lines().filter(line -> line.matches("\\S+instrument_\\S+ +[0-9.]+ .*")).count(),
        second.err().lines().filter(line -> line.matches("\\S+instrument_.* reused")).count(),
        second.err());

    Cli other = run("--set", "pretrain.seed=7");
    assertEquals(0, other.code(), other.err());
    assertTrue(other.err().contains("units-instrument_low"), other.err());
    for (String expectedLine :
        List.of(
            "units-instrument_low +reused",
            "pretrain-instrument_low-dual +made again: its settings or its data changed",
            "probe-instrument_low-dual +made again: pretrain-instrument_low-dual is another")) {
      assertTrue(
          other.err().lines().anyMatch(line -> line.matches(expectedLine)),
          expectedLine + "\n" + other.err());
    }
  }

  @Test
  void aWordWithoutARecordingIsToldBeforeAnyTraining() throws IOException {
    Files.delete(folder.resolve("words/synthetic/rise0.wav"));
    Cli run = run();
    assertEquals(66, run.code(), run.err());
    assertTrue(run.err().contains("evaluations.ssimi.root: "), run.err());
    assertTrue(run.err().contains("1 of 4 words have no recording below "), run.err());
    assertFalse(run.err().contains("pretrain-"), run.err());
  }

  @Test
  void areasAndCentersAreWhatSsimiComputes() {
    Cli run =
        run(
            "--set",
            "evaluations.ssimi.auc=true",
            "--set",
            "evaluations.ssimi.auc_threshold=8",
            "--set",
            "evaluations.ssimi.center=voice",
            "--set",
            "evaluations.ssimi.average=[0, 1]");
    assertEquals(0, run.code(), run.err());
    assertEquals(splits("sSIMI"), splits("same class"));
    assertTrue(run.out().contains("same class  synthetic/tones  mean"), run.out());
    Row fold =
        Results.read(folder.resolve("out")).results().stream()
            .filter(row -> row.task().equals("same class"))
            .findFirst()
            .orElseThrow();
    Path stage = folder.resolve("out/stages/ssimi-instrument_high-dual");
    Cli alone =
        Cli.ok(
            "ssimi",
            "--gold",
            folder.resolve("words/gold.csv"),
            "--pairs",
            folder.resolve("words/pairs.csv"),
            "--submission",
            stage.resolve("submission"),
            "--center",
            "voice",
            "--auc",
            "8",
            "--json");
    assertEquals("AUC", fold.metric());
    assertEquals(fold.value(), alone.json().at("/auc/synthetic~1tones/value").asDouble(), 1e-12);
  }

  @Test
  void aMisspeltDistanceIsRefusedBeforeAnythingRuns() {
    for (String setting : List.of("metric=cosin", "pooling=men", "center=voic")) {
      Cli run = run("--set", "evaluations.ssimi." + setting);
      assertEquals(78, run.code(), run.err());
      assertTrue(run.err().contains("did you mean"), run.err());
      assertTrue(run.err().contains("evaluations.ssimi"), run.err());
    }
    assertFalse(Files.exists(folder.resolve("out/stages")));
  }

  /// A single run chooses layer and channel by itself, and says of the words what it found.
  @Test
  void wordsAreScoredByTheSettingThatIsBestOnDev() throws IOException {
    Files.createDirectories(folder.resolve("meaning"));
    Files.move(folder.resolve("words"), folder.resolve("meaning/dev"));
    Cli cli =
        run(
            "--set",
            "evaluations.ssimi=null",
            "--set",
            "evaluations.words.root=" + folder.resolve("meaning"));
    assertEquals(0, cli.code(), cli.err());
    List<Row> rows =
        Results.read(folder.resolve("out")).results().stream()
            .filter(row -> row.task().startsWith("word meaning ("))
            .toList();
    assertEquals(List.of("AUC", "100 x Spearman"), rows.stream().map(Row::metric).toList());
    assertEquals("dev synthetic/tones", rows.getFirst().dataset());
    assertEquals(4, rows.getFirst().n());
    assertTrue(
        cli.out().lines().anyMatch(l -> l.matches("word meaning .AUC. .* [01]\\.\\d{3} \\[.*")),
        cli.out());
  }

  /// 6 recordings test, each with a copy: 6 utterances, by the recipe's count and by hand.
  @Test
  void copiesAreNotCountedAsFurtherUtterances() {
    assertEquals(0, run().code());
    long counted =
        Results.read(folder.resolve("out")).results().stream()
            .filter(row -> row.task().startsWith("melody"))
            .findFirst()
            .orElseThrow()
            .n();
    Path stages = folder.resolve("out/stages");
    Cli evaluated =
        Cli.ok(
            "slu",
            "evaluate",
            "--model",
            stages.resolve("probe-instrument_high-dual/model"),
            "--corpus",
            stages.resolve("units-instrument_high/corpus"),
            "--where",
            "instrument=high",
            "--json");
    assertEquals(6, counted);
    assertEquals(6, evaluated.json().at("/accuracy/n").asInt());
  }

  /// One objective alone reads both channels in a recipe too, and copies are held out together.
  @Test
  void aRecipesTrainingIsThatOfPretrain() {
    assertEquals(0, run("--set", "model.head_layout=auto").code());
    Path trained = folder.resolve("out/stages/pretrain-instrument_high-dual");
    assertEquals(
        "concatenated",
        Json.tree(trained.resolve("config.json")).at("/model/head_layout").asString());
    assertEquals(4, Json.tree(trained.resolve("train.json")).path("validation_utterances").asInt());
    StageRecord record = Json.read(folder.resolve("out/stages/features.json"), StageRecord.class);
    assertEquals(
        List.of("duovox", "libtorch"), record.versions().keySet().stream().sorted().toList());
    assertEquals(BuildIdentity.here(), record.versions().get("duovox"), "not the version alone");
  }

  @Test
  void foldsOfOneFolderNameAreRefusedBeforeAnythingRuns() throws IOException {
    TonesRecipe.manifest(folder, "a b", "a_b");
    Cli refused = run();
    assertEquals(65, refused.code(), refused.err());
    assertTrue(refused.err().contains("'a b' and 'a_b' of the field 'instrument'"), refused.err());
    assertFalse(Files.exists(folder.resolve("out")));
  }

  @Test
  void aSystemIsNamedOnce() {
    Cli refused = run("--set", "systems=[dual, dual]");
    assertEquals(78, refused.code(), refused.err());
    assertTrue(refused.err().contains("systems: name each of them once"), refused.err());
  }
}
