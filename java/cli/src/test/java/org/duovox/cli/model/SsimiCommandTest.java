package org.duovox.cli.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.duovox.cli.Cli;
import org.duovox.io.json.Json;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class SsimiCommandTest {
  private static final int WORDS = 8;

  @TempDir private Path folder;

  /// Words whose vectors lie on a line; people find two words the less alike the farther apart they
  /// lie.
  @BeforeEach
  void writeSet() throws IOException {
    List<String> gold = new ArrayList<>(List.of("type,filename,voice,word"));
    List<String> pairs =
        new ArrayList<>(List.of("type,dataset,word_1,word_2,similarity,relatedness"));
    Files.createDirectories(folder.resolve("sub/synthetic"));
    Random random = new Random(3);
    for (int i = 0; i < WORDS; i++) {
      gold.add("synthetic,f%d,v,w%d".formatted(i, i));
      double noise = random.nextDouble() / 10;
      String frame = "%d %s\n".formatted(i, noise);
      Files.writeString(folder.resolve("sub/synthetic/f%d.txt".formatted(i)), frame + frame);
      for (int j = 0; j < i; j++) {
        pairs.add("synthetic,toy,w%d,w%d,%d,".formatted(j, i, WORDS - (i - j)));
      }
    }
    Files.write(folder.resolve("gold.csv"), gold);
    Files.write(folder.resolve("pairs.csv"), pairs);
  }

  private List<Object> words(Object... more) {
    List<Object> words =
        new ArrayList<>(
            List.of(
                "ssimi",
                "--gold",
                folder.resolve("gold.csv"),
                "--pairs",
                folder.resolve("pairs.csv"),
                "--submission",
                folder.resolve("sub")));
    words.addAll(List.of(more));
    return words;
  }

  @Test
  void printsATable() {
    Cli result = Cli.ok(words("--metric", "euclidean").toArray());
    assertTrue(result.out().contains("euclidean distance, mean pooling"), result.out());
    assertTrue(result.out().contains("synthetic/toy"), result.out());
  }

  @Test
  void jsonHasTheAgreedKeys() {
    JsonNode json =
        Cli.ok(words("--metric", "euclidean", "--pooling", "max", "--json").toArray()).json();
    assertEquals(
        List.of(
            "metric", "pooling", "centering", "correlations", "overall", "intervals", "pairs"),
        List.copyOf(json.propertyNames()));
    assertEquals("euclidean", json.path("metric").asString());
    assertTrue(json.path("correlations").path("synthetic/toy").asDouble() > 95);
    assertEquals(WORDS * (WORDS - 1) / 2, json.path("pairs").size());
  }

  @Test
  void jsonGoesToAFileBesideTheSummary() {
    Path file = folder.resolve("scores.json");
    Cli result = Cli.ok(words("--json", file).toArray());
    assertTrue(result.out().contains("cosine distance"), result.out());
    assertEquals("cosine", Json.tree(file).path("metric").asString());
  }

  @Test
  void allMetricsAndPoolingsGiveAMatrix() {
    Cli table = Cli.ok(words("--metric", "all", "--pooling", "all").toArray());
    for (String name : List.of("synthetic/toy", "canberra", "cityblock", "lastlast")) {
      assertTrue(table.out().contains(name), table.out());
    }
    JsonNode json = Cli.ok(words("--metric", "all", "--pooling", "all", "--json").toArray()).json();
    assertEquals(54, json.size());
  }

  @Test
  void unknownMetricIsRefused() {
    Cli result = Cli.run(words("--metric", "cosin").toArray());
    assertEquals(78, result.code());
    assertTrue(result.err().contains("did you mean \"cosine\"?"), result.err());
  }

  @Test
  void aMissingFileIsNamed() throws IOException {
    Files.delete(folder.resolve("sub/synthetic/f3.txt"));
    Cli result = Cli.run(words().toArray());
    assertEquals(66, result.code());
    assertTrue(result.err().contains("f3.txt"), result.err());
  }
}
