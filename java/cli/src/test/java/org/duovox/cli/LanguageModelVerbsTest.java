package org.duovox.cli;

import static org.duovox.cli.Cli.words;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Tests `score`, `swuggy` and `sblimp`: from a model to the official tables.
class LanguageModelVerbsTest {
  @TempDir private static Path folder;
  private static Path corpus;
  private static Path run;

  @BeforeAll
  static void aModel() throws IOException {
    TinyRun.needsTheLibrary();
    Path words = imported("words");
    Path fine = imported("fine");
    corpus = folder.resolve("corpus");
    TinyRun.align(words, fine, corpus);
    run = TinyRun.model(corpus, folder.resolve("run"), "--set pretrain.mcr_weight=0");
  }

  private static Path imported(String name) throws IOException {
    Path lines = Files.writeString(folder.resolve(name + ".jsonl"), lines());
    Path units = folder.resolve(name);
    Cli.ok(words("import", lines, "--out", units, "--vocabulary 9 --interval-ms 80"));
    return units;
  }

  /// Words rise and non-words fall.
  private static String lines() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 6; i++) {
      text.append("{\"id\": \"w%d\", \"units\": [0, 1, 2, 3, 4, 5, 6, %d]}\n".formatted(i, i));
      text.append("{\"id\": \"n%d\", \"units\": [6, 5, 4, 3, 2, 1, 0, %d]}\n".formatted(i, i));
    }
    return text.toString();
  }

  @Test
  void aModelsScoresAreASubmission() throws IOException {
    Path dev = folder.resolve("submission/lexical/dev.txt");
    Object[] score = words("score --model", run, "--corpus", corpus, "--window 3 --step 2");
    Object[] scoreDev = words(score, "--out", dev);
    Cli scored = Cli.ok(scoreDev);
    assertTrue(scored.out().contains("12 utterances, 47 windows"), scored.out());
    List<String> lines = Files.readAllLines(dev);
    assertEquals(12, lines.size());
    assertTrue(lines.getFirst().matches("w0 -\\d+\\.\\d+"), lines.getFirst());
    assertEquals(73, Cli.run(scoreDev).code(), "it is there");
    Path baseline = folder.resolve("baseline.txt");
    JsonNode json = Cli.ok(words(score, "--no-tail --out", baseline, "--json")).json();
    assertEquals(
        36,
        json.path("windows").asInt(),
        "three for each: only n0, merged to seven tokens, has no tail");
    tabled(dev);
  }

  private static void tabled(Path submission) throws IOException {
    Object[] swuggy = words("swuggy --gold", gold(), "--submission", submission);
    Path tables = folder.resolve("tables");
    Cli result = Cli.ok(words(swuggy, "--split test --scores", tables));
    assertTrue(result.out().contains("in vocabulary"), result.out());
    assertEquals(7, Files.readAllLines(tables.resolve("score_lexical_test_by_pair.csv")).size());
    assertTrue(Files.exists(tables.resolve("score_lexical_test_by_frequency.csv")));
    JsonNode all = Cli.ok(words(swuggy, "--json")).json().path("all");
    assertEquals(6, all.path("n").asInt());
  }

  private static Path gold() throws IOException {
    StringBuilder table =
        new StringBuilder("filename,voice,frequency,word,phones,length,correct,id\n");
    for (int i = 0; i < 6; i++) {
      table.append(
          "w%d,A,%d,word%d,W,3,1,%d\nn%d,A,%d,nonword%d,N,3,0,%d\n"
              .formatted(i, i, i, i, i, i, i, i));
    }
    return Files.writeString(folder.resolve("gold.csv"), table);
  }

  @Test
  void sentences() throws IOException {
    Path gold = folder.resolve("syntactic.csv");
    Files.writeString(
        gold,
        """
        filename,voice,type,subtype,transcription,correct,id
        a,A,agreement,near,dogs bark,1,1
        b,A,agreement,near,dogs barks,0,1
        """);
    Path scores = Files.writeString(folder.resolve("s.txt"), "a -1\nb -2\n");
    Object[] sblimp = words("sblimp --gold", gold, "--submission", scores);
    Cli told = Cli.ok(sblimp);
    assertTrue(told.out().contains("agreement"), told.out());
    JsonNode json = Cli.ok(words(sblimp, "--json")).json();
    assertEquals(1, json.path("all").path("value").asDouble());
    assertEquals("dogs barks", json.path("pairs").get(0).path("non_sentence").asString());
    Files.writeString(scores, "a -1\nc -2\n");
    Cli refused = Cli.run(sblimp);
    assertEquals(65, refused.code());
    assertTrue(refused.err().contains("s.txt:2: c is not in"), refused.err());
    assertTrue(refused.err().contains("b of "), refused.err());
  }

  @Test
  void whatIsWrongIsToldBeforeTheWork() {
    Path out = folder.resolve("never.txt");
    Object[] target = words("--corpus", corpus, "--out", out);
    Cli refused = Cli.run(words("score --model", run, target, "--window 4 --step 5"));
    assertEquals(78, refused.code());
    assertTrue(refused.err().contains("step must be 1 to the window of 4"), refused.err());
    assertEquals(66, Cli.run(words("score --model", folder.resolve("gone"), target)).code());
    Object[] swuggy = words("swuggy --gold g --submission s");
    assertEquals(2, Cli.run(words(swuggy, "--split train")).code());
    assertEquals(66, Cli.run(swuggy).code());
    assertFalse(Files.exists(out));
  }
}
