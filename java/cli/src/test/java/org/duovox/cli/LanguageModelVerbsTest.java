package org.duovox.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

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
    String library = System.getProperty("duovox.library", "");
    assumeTrue(
        Files.isRegularFile(Path.of(library)), "the native library is not built: " + library);
    // Words rise and non-words fall.
    Files.writeString(folder.resolve("words.jsonl"), lines());
    Files.writeString(folder.resolve("fine.jsonl"), lines());
    imported("words", 9);
    imported("fine", 9);
    corpus = folder.resolve("corpus");
    Cli.ok(
        "align",
        "--contextual",
        folder.resolve("words"),
        "--phonetic",
        folder.resolve("fine"),
        "--out",
        corpus);
    run = folder.resolve("run");
    Cli.ok(
        "pretrain",
        "--corpus",
        corpus,
        "--out",
        run,
        "--preset",
        "tiny",
        "--set",
        "model.layers=1",
        "--set",
        "model.hidden=16",
        "--set",
        "model.heads=2",
        "--set",
        "model.feed_forward=16",
        "--set",
        "model.phonetic_embedding=8",
        "--set",
        "pretrain.mcr_weight=0",
        "--set",
        "pretrain.steps=3",
        "--set",
        "pretrain.threads=1");
  }

  private static String lines() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 6; i++) {
      text.append("{\"id\": \"w%d\", \"units\": [0, 1, 2, 3, 4, 5, 6, %d]}\n".formatted(i, i));
      text.append("{\"id\": \"n%d\", \"units\": [6, 5, 4, 3, 2, 1, 0, %d]}\n".formatted(i, i));
    }
    return text.toString();
  }

  private static void imported(String name, int vocabulary) {
    Cli.ok(
        "import",
        folder.resolve(name + ".jsonl"),
        "--out",
        folder.resolve(name),
        "--vocabulary",
        vocabulary,
        "--interval-ms",
        80);
  }

  @Test
  void aModelsScoresAreASubmission() throws IOException {
    Path dev = folder.resolve("submission/lexical/dev.txt");
    Object[] words = {
      "score", "--model", run, "--corpus", corpus, "--window", 3, "--step", 2, "--out", dev
    };
    Cli scored = Cli.ok(words);
    assertTrue(scored.out().contains("12 utterances, 47 windows"), scored.out());
    List<String> lines = Files.readAllLines(dev);
    assertEquals(12, lines.size());
    assertTrue(lines.getFirst().matches("w0 -\\d+\\.\\d+"), lines.getFirst());
    assertEquals(73, Cli.run(words).code(), "it is there");
    Path baseline = folder.resolve("baseline.txt");
    JsonNode json =
        Cli.ok(
                "score",
                "--model",
                run,
                "--corpus",
                corpus,
                "--window",
                3,
                "--step",
                2,
                "--no-tail",
                "--out",
                baseline,
                "--json")
            .json();
    assertEquals(
        36,
        json.path("windows").asInt(),
        "three for each: only n0, merged to seven tokens, has no tail");
    Path gold = folder.resolve("gold.csv");
    StringBuilder table =
        new StringBuilder("filename,voice,frequency,word,phones,length,correct,id\n");
    for (int i = 0; i < 6; i++) {
      table.append(
          "w%d,A,%d,word%d,W,3,1,%d\nn%d,A,%d,nonword%d,N,3,0,%d\n"
              .formatted(i, i, i, i, i, i, i, i));
    }
    Files.writeString(gold, table);
    Path tables = folder.resolve("tables");
    Cli result =
        Cli.ok(
            "swuggy", "--gold", gold, "--submission", dev, "--split", "test", "--scores", tables);
    assertTrue(result.out().contains("in vocabulary"), result.out());
    assertEquals(7, Files.readAllLines(tables.resolve("score_lexical_test_by_pair.csv")).size());
    assertTrue(Files.exists(tables.resolve("score_lexical_test_by_frequency.csv")));
    JsonNode all =
        Cli.ok("swuggy", "--gold", gold, "--submission", dev, "--json").json().path("all");
    assertEquals(6, all.path("n").asInt());
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
    Cli told = Cli.ok("sblimp", "--gold", gold, "--submission", scores);
    assertTrue(told.out().contains("agreement"), told.out());
    JsonNode json = Cli.ok("sblimp", "--gold", gold, "--submission", scores, "--json").json();
    assertEquals(1, json.path("all").path("value").asDouble());
    assertEquals("dogs barks", json.path("pairs").get(0).path("non_sentence").asString());
    Files.writeString(scores, "a -1\nc -2\n");
    Cli refused = Cli.run("sblimp", "--gold", gold, "--submission", scores);
    assertEquals(65, refused.code());
    assertTrue(refused.err().contains("s.txt:2: c is not in"), refused.err());
    assertTrue(refused.err().contains("b of "), refused.err());
  }

  @Test
  void whatIsWrongIsToldBeforeTheWork() {
    Path out = folder.resolve("never.txt");
    Object[] words = {
      "score", "--model", run, "--corpus", corpus, "--out", out, "--window", "4", "--step", "5"
    };
    Cli refused = Cli.run(words);
    assertEquals(78, refused.code());
    assertTrue(refused.err().contains("step must be 1 to the window of 4"), refused.err());
    assertEquals(
        66,
        Cli.run("score", "--model", folder.resolve("gone"), "--corpus", corpus, "--out", out)
            .code());
    assertEquals(
        2, Cli.run("swuggy", "--gold", "g", "--submission", "s", "--split", "train").code());
    assertEquals(66, Cli.run("swuggy", "--gold", "g", "--submission", "s").code());
    assertFalse(Files.exists(out));
  }
}
