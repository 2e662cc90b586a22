package org.duovox.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.duovox.io.Json;
import org.duovox.recipe.Results;
import org.duovox.recipe.Results.Row;
import org.duovox.recipe.StageCache.StageRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `duovox run` on two folds of synthetic tones: what it writes, what it reuses, and what it
/// refuses.
class RunCommandTest {
  private static final int TAKES = 6;

  private static final String RECIPE =
      """
      name: tones
      title: Melodies of two instruments, one held out at a time
      seed: 1
      threads: 1
      data:
        root: audio
        manifest: tones.jsonl
        label: melody
        split: {hold_out: instrument}
        shifts_ms: [5]
      representations:
        contextual: {encoder: logmel, layer: logmel}
        phonetic: {encoder: logmel, layer: logmel}
      quantizers:
        contextual: {clusters: 8}
        phonetic: {clusters: 4}
      align: {}
      model: {layers: 1, hidden: 16, heads: 2, feed_forward: 32, max_positions: 128, phonetic_embedding: 8}
      pretrain: {steps: 4, batch_size: 4, validation_fraction: 0.3, mcr_weight: 0}
      systems: [dual]
      evaluations:
        probe: {mode: probe, steps: 3, batch_size: 4}
        ssimi: {root: words}
      """;

  @TempDir private Path folder;

  @BeforeEach
  void write() throws IOException {
    Files.writeString(folder.resolve("recipe.yaml"), RECIPE);
    manifest("high", "low");
    Path words = Files.createDirectories(folder.resolve("words/synthetic"));
    List<String> gold = new ArrayList<>(List.of("type,filename,voice,word"));
    for (String word : List.of("rise0", "rise1", "fall0", "fall1")) {
      Files.copy(folder.resolve("audio").resolve(word + ".wav"), words.resolve(word + ".wav"));
      gold.add("synthetic,%s,v,%s".formatted(word, word));
    }
    Files.write(folder.resolve("words/gold.csv"), gold);
    Files.writeString(
        folder.resolve("words/pairs.csv"),
        """
        type,dataset,word_1,word_2,similarity,relatedness
        synthetic,tones,rise0,rise1,9,9
        synthetic,tones,fall0,fall1,8,8
        synthetic,tones,rise0,fall0,2,2
        synthetic,tones,rise1,fall1,1,1
        """);
  }

  /// Melodies of two instruments, in turn.
  private void manifest(String first, String second) throws IOException {
    Path audio = Files.createDirectories(folder.resolve("audio"));
    List<String> lines = new ArrayList<>();
    for (String line : Files.readAllLines(Melodies.write(audio, TAKES))) {
      String instrument = lines.size() / 2 % 2 == 0 ? first : second;
      if (!line.contains("broken")) {
        lines.add(
            line.replace("\"split\"", "\"instrument\": \"%s\", \"split\"".formatted(instrument)));
      }
    }
    Files.write(audio.resolve("tones.jsonl"), lines);
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
        first.err().lines().filter(line -> line.contains("instrument_")).count(),
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
    assertEquals(0, run().code());
    Path trained = folder.resolve("out/stages/pretrain-instrument_high-dual");
    assertEquals(
        "concatenated",
        Json.tree(trained.resolve("config.json")).at("/model/head_layout").asString());
    assertEquals(4, Json.tree(trained.resolve("train.json")).path("validation_utterances").asInt());
    StageRecord record = Json.read(folder.resolve("out/stages/features.json"), StageRecord.class);
    assertEquals(
        List.of("duovox", "libtorch"), record.versions().keySet().stream().sorted().toList());
  }

  @Test
  void foldsOfOneFolderNameAreRefusedBeforeAnythingRuns() throws IOException {
    manifest("a b", "a_b");
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
