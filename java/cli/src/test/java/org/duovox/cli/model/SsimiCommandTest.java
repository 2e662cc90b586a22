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
        List.of("metric", "pooling", "centering", "correlations", "overall", "intervals", "pairs"),
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

  /// Lays the set out as a data set and a submission of the benchmarks, dev only.
  private List<Object> tree(Object... more) throws IOException {
    Path dev = Files.createDirectories(folder.resolve("set/semantic/dev"));
    Files.copy(folder.resolve("gold.csv"), dev.resolve("gold.csv"));
    Files.copy(folder.resolve("pairs.csv"), dev.resolve("pairs.csv"));
    Files.createDirectories(folder.resolve("tree/semantic"));
    Files.move(folder.resolve("sub"), folder.resolve("tree/semantic/dev"));
    List<Object> words =
        new ArrayList<>(
            List.of(
                "ssimi",
                "--dataset",
                folder.resolve("set"),
                "--submission",
                folder.resolve("tree")));
    words.addAll(List.of(more));
    return words;
  }

  @Test
  void dataSetsAndTreesAreScoredBySubset() throws IOException {
    JsonNode alone = Cli.ok(words("--metric", "euclidean", "--json").toArray()).json();
    Path scores = folder.resolve("scores");
    JsonNode json =
        Cli.ok(tree("--metric", "euclidean", "--scores", scores, "--json").toArray()).json();
    assertEquals(List.of("dev"), List.copyOf(json.propertyNames()));
    assertEquals(alone, json.path("dev"));
    List<String> pairs = Files.readAllLines(scores.resolve("score_semantic_dev_pairs.csv"));
    assertEquals("type,dataset,word_1,word_2,similarity,relatedness,score", pairs.getFirst());
    assertTrue(pairs.get(1).matches("synthetic,toy,w0,w1,7,,1\\.[0-9]{4}"), pairs.get(1));
    String correlation =
        Files.readAllLines(scores.resolve("score_semantic_dev_correlation.csv")).getLast();
    double value = alone.path("correlations").path("synthetic/toy").asDouble();
    assertEquals("synthetic,toy,%.4f".formatted(value), correlation);
  }

  @Test
  void whatASubmissionDeclaresIsTheDefault() throws IOException {
    List<Object> words = tree();
    Files.writeString(
        folder.resolve("tree/params.yaml"), "semantic: {metric: cityblock, pooling: max}\n");
    Cli declared = Cli.ok(words.toArray());
    assertTrue(declared.out().contains("dev: sSIMI"), declared.out());
    assertTrue(declared.out().contains("cityblock distance, max pooling"), declared.out());
    assertTrue(declared.err().contains("params.yaml declares cityblock"), declared.err());
    words.addAll(List.of("--metric", "cosine"));
    assertTrue(Cli.ok(words.toArray()).out().contains("cosine distance, max pooling"));
  }

  @Test
  void aDeclaredDistanceThatThereIsNotIsToldWithItsFile() throws IOException {
    List<Object> words = tree();
    Path params = folder.resolve("tree/params.yaml");
    Files.writeString(params, "semantic: {metric: cosign}\n");
    Cli refused = Cli.run(words.toArray());
    assertEquals(78, refused.code(), refused.err());
    assertTrue(refused.err().contains(params + ": "), refused.err());
    assertTrue(refused.err().contains("cosign"), refused.err());
    Files.writeString(params, "semantic: {pooling: maxx}\n");
    assertTrue(Cli.run(words.toArray()).err().contains(params + ": "));
  }

  @Test
  void allProblemsAreListedAtOnce() throws IOException {
    Files.delete(folder.resolve("sub/synthetic/f3.txt"));
    Files.writeString(folder.resolve("sub/synthetic/f4.txt"), "1 2\n1 nan\n");
    Files.writeString(folder.resolve("sub/synthetic/f5.txt"), "1 2 3\n1 2 3\n");
    Files.writeString(folder.resolve("sub/synthetic/f99.txt"), "1 2\n1 2\n");
    Cli check = Cli.run(words("--check").toArray());
    assertEquals(65, check.code(), check.err());
    assertEquals("", check.err());
    for (String part :
        List.of(
            "f3.txt: missing",
            "f4.txt:2: holds nan",
            "f5.txt: has 3 columns",
            "f99.txt: no file of the data set",
            "4 problems in 7 files and their tables")) {
      assertTrue(check.out().contains(part), part + " in " + check.out());
    }
    JsonNode json = Cli.run(words("--check", "--json").toArray()).json();
    assertEquals(4, json.path("problems").size());
    assertEquals(2, json.path("problems").get(2).path("line").asInt());
  }

  @Test
  void judgmentsThatAreAllEqualAreAProblem() throws IOException {
    Path pairs = folder.resolve("pairs.csv");
    Files.writeString(
        pairs,
        Files.readString(pairs).replaceAll("(?m),\\d+,$", ",5,")
            + "synthetic,other,w1,w2,1,\nsynthetic,other,w2,w3,2,\n");
    Cli check = Cli.run(words("--check").toArray());
    assertEquals(65, check.code(), check.out());
    assertTrue(
        check.out().contains("pairs.csv: all judgments of synthetic/toy are equal"), check.out());
    assertTrue(check.out().contains("1 problem in"), check.out());
  }

  @Test
  void aTreeIsCheckedForAllSubsetsOfTheDataSet() throws IOException {
    List<Object> words = tree("--check");
    assertEquals("no problem in 8 files and their tables\n", Cli.ok(words.toArray()).out());
    Path test = Files.createDirectories(folder.resolve("set/semantic/test"));
    Files.copy(folder.resolve("gold.csv"), test.resolve("gold.csv"));
    Files.copy(folder.resolve("pairs.csv"), test.resolve("pairs.csv"));
    Cli check = Cli.run(words.toArray());
    assertEquals(65, check.code());
    assertTrue(check.out().contains("tree/semantic/test: no such folder"), check.out());
  }

  @Test
  void centeringAndAreasAreExtras() {
    Cli table = Cli.ok(words("--metric", "euclidean", "--center", "voice", "--auc", "7").toArray());
    assertTrue(table.out().contains("centered by voice"), table.out());
    assertTrue(table.out().contains("AUC"), table.out());
    JsonNode json = Cli.ok(words("--metric", "euclidean", "--auc", "7", "--json").toArray()).json();
    assertEquals(1.0, json.path("auc").path("synthetic/toy").path("value").asDouble());
    Cli graded = Cli.run(words("--auc").toArray());
    assertEquals(78, graded.code());
    assertTrue(graded.err().contains("exactly two judgments"), graded.err());
    assertEquals(2, Cli.run(words("--auc", "much").toArray()).code());
    assertEquals(78, Cli.run(words("--center", "voices").toArray()).code());
  }

  @Test
  void optionsThatDoNotGoTogetherAreRefused() {
    Path gold = folder.resolve("gold.csv");
    assertUsage("--submission is missing", "ssimi", "--gold", gold, "--pairs", gold);
    assertUsage("name both tables", "ssimi", "--submission", folder, "--gold", gold);
    assertUsage("--dataset is in place of", words("--dataset", folder).toArray());
    assertUsage("--subset dev or test", words("--scores", folder.resolve("s")).toArray());
    assertUsage(
        "choose one distance",
        words("--scores", folder.resolve("s"), "--subset", "dev", "--metric", "all").toArray());
    assertUsage(
        "--check scores nothing",
        words("--check", "--subset", "dev", "--scores", folder.resolve("s")).toArray());
  }

  private static void assertUsage(String part, Object... words) {
    Cli result = Cli.run(words);
    assertEquals(2, result.code(), result.err());
    assertTrue(result.err().contains(part), result.err());
  }
}
