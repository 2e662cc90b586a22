package org.duovox.cli.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.duovox.cli.Cli;
import org.duovox.cli.TonesRecipe;
import org.duovox.io.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Tests `ssimi select` on submissions and on the layers and channels of a model.
class SsimiSelectCommandTest {
  private static final List<String> SUBSETS = List.of("dev", "test");
  private static final int WORDS = 6;

  @TempDir private Path folder;

  /// Writes tables of words `rise0` to `rise5`, the less alike the farther apart their numbers lie.
  private void writeSet() throws IOException {
    List<String> gold = new ArrayList<>(List.of("type,filename,voice,word"));
    List<String> pairs =
        new ArrayList<>(List.of("type,dataset,word_1,word_2,similarity,relatedness"));
    for (int i = 0; i < WORDS; i++) {
      gold.add("synthetic,rise%d,v,rise%d".formatted(i, i));
      for (int j = 0; j < i; j++) {
        pairs.add("synthetic,toy,rise%d,rise%d,%d,".formatted(j, i, WORDS - (i - j)));
      }
    }
    for (String subset : SUBSETS) {
      Path at = Files.createDirectories(folder.resolve("set").resolve(subset));
      Files.write(at.resolve("gold.csv"), gold);
      Files.write(at.resolve("pairs.csv"), pairs);
    }
  }

  private Path submission(String name, int factor) throws IOException {
    for (String subset : SUBSETS) {
      Path at = folder.resolve(name).resolve("semantic").resolve(subset).resolve("synthetic");
      Files.createDirectories(at);
      for (int i = 0; i < WORDS; i++) {
        String frame = "1 " + i * factor % WORDS + "\n";
        Files.writeString(at.resolve("rise" + i + ".txt"), frame + frame);
      }
    }
    return folder.resolve(name);
  }

  @Test
  void aDataSetWithoutTestIsToldUnlessNoTestIsWanted() throws IOException {
    writeSet();
    Files.move(folder.resolve("set/test"), folder.resolve("away"));
    Object[] words = {
      "ssimi",
      "select",
      "--dataset",
      folder.resolve("set"),
      "--submission",
      "one=" + submission("a", 1),
      "--metric",
      "euclidean",
      "--pooling",
      "mean"
    };
    String told = "set has no semantic/test and no test, so only the score on dev is told";
    assertTrue(Cli.ok(words).err().contains(told));
    assertEquals("", Cli.ok(with(words, "--no-test")).err());
  }

  @Test
  void choosesAmongSubmissions() throws IOException {
    writeSet();
    Object[] words = {
      "ssimi",
      "select",
      "--dataset",
      folder.resolve("set"),
      "--submission",
      "shuffled=" + submission("a", 5 * 5 - 1),
      "--submission",
      "ordered=" + submission("b", 1),
      "--metric",
      "cosine,euclidean",
      "--pooling",
      "mean,last"
    };
    Cli text = Cli.ok(words);
    assertTrue(text.out().contains("tried 8 combinations on dev, 4 of them undefined"), text.out());
    assertTrue(
        text.out().contains("chosen: ordered, mean pooling, euclidean distance"), text.out());
    assertTrue(text.out().contains("dev (the best of 8, so better than it is)"), text.out());
    assertTrue(text.out().contains("test, scored once: sSIMI"), text.out());
    JsonNode json = Cli.ok(with(words, "--json", "--no-test")).json();
    assertEquals("ordered", json.path("chosen").path("system").asString());
    assertTrue(json.path("test").isNull());
    assertEquals(4, json.path("candidates").size());
  }

  @Test
  void choosesAmongLayersAndChannelsOfAModel() throws IOException {
    String library = System.getProperty("duovox.library", "");
    assumeTrue(
        Files.isRegularFile(Path.of(library)), "the native library is not built: " + library);
    writeSet();
    Path audio = folder.resolve("audio");
    TonesRecipe.manifest(folder, "high", "low");
    for (String subset : SUBSETS) {
      Path at = Files.createDirectories(folder.resolve("set/" + subset + "/synthetic"));
      for (int i = 0; i < WORDS; i++) {
        Files.copy(audio.resolve("rise" + i + ".wav"), at.resolve("rise" + i + ".wav"));
      }
    }
    Path corpus = corpus();
    Path run = folder.resolve("run");
    Cli.ok(
        "pretrain",
        "--corpus",
        corpus,
        "--out",
        run,
        "--preset",
        "charbert-tiny",
        "--set",
        "model.hidden=16",
        "--set",
        "model.feed_forward=32",
        "--set",
        "model.layers=2",
        "--set",
        "pretrain.steps=2",
        "--set",
        "pretrain.threads=1");
    Path out = folder.resolve("chosen");
    Object[] words = {
      "ssimi",
      "select",
      "--dataset",
      folder.resolve("set"),
      "--model",
      run,
      "--corpus",
      corpus,
      "--pooling",
      "mean,max",
      "--metric",
      "cosine,cityblock",
      "--out",
      out
    };
    Cli.ok(words);
    JsonNode selection = Json.tree(out.resolve("selection.json"));
    // Layers 0, 1, 2 and their mean; three channels; two poolings; two distances.
    assertEquals(48, selection.path("tried").asInt());
    assertTheSubmissionScoresTheSame(selection, out);
    assertEquals(73, Cli.run(words).code(), "the output is there already");
    Cli few = Cli.ok(with(words, "--replace", "--layer", "0,1+2", "--json"));
    assertEquals(24, few.json().path("tried").asInt());
    assertEquals(2, Cli.run(with(words, "--replace", "--layer", "1-2")).code());
    assertEquals(78, Cli.run(with(words, "--replace", "--layer", "7")).code());
    Files.writeString(
        folder.resolve("set/test/gold.csv"),
        "type,filename,voice,word\nsynthetic,gone,v,rise0\nsynthetic,rise1,v,rise1\n");
    Files.writeString(
        folder.resolve("set/test/pairs.csv"),
        "type,dataset,word_1,word_2,similarity,relatedness\nsynthetic,toy,rise0,rise1,1,\n");
    Cli missing = Cli.run(with(words, "--replace"));
    assertEquals(66, missing.code());
    assertTrue(missing.err().contains("test/synthetic/gone"), missing.err());
  }

  /// The folder that is written is a submission, and the scores of its files are those told.
  private void assertTheSubmissionScoresTheSame(JsonNode selection, Path out) {
    Cli.ok("ssimi", "--dataset", folder.resolve("set"), "--submission", out, "--check");
    JsonNode again =
        Cli.ok("ssimi", "--dataset", folder.resolve("set"), "--submission", out, "--json").json();
    for (String subset : SUBSETS) {
      assertEquals(selection.path(subset), again.path(subset));
      assertFalse(again.path(subset).path("pairs").isEmpty());
    }
  }

  private Path corpus() {
    Path features = folder.resolve("features");
    Path corpus = folder.resolve("corpus");
    Cli.ok(
        "features", "--encoder", "logmel", "--manifest", folder.resolve("set"), "--out", features);
    for (int clusters : List.of(8, 6)) {
      Path codebook = folder.resolve(clusters + ".safetensors");
      Cli.ok("kmeans", "--features", features, "--clusters", clusters, "--out", codebook);
      Cli.ok(
          "quantize",
          "--features",
          features,
          "--codebook",
          codebook,
          "--out",
          folder.resolve("units" + clusters));
    }
    Cli.ok(
        "align",
        "--contextual",
        folder.resolve("units8"),
        "--phonetic",
        folder.resolve("units6"),
        "--out",
        corpus);
    return corpus;
  }

  @Test
  void optionsThatDoNotGoTogetherAreRefused() throws IOException {
    writeSet();
    Path set = folder.resolve("set");
    assertUsage("either a model", "--dataset", set);
    assertUsage("either a model", "--dataset", set, "--model", set);
    assertUsage(
        "either a model", "--dataset", set, "--model", set, "--corpus", set, "--submission", "a=b");
    assertUsage("has no layers", "--dataset", set, "--submission", "a=b", "--layer", "1");
    assertUsage("with --auc", "--dataset", set, "--submission", "a=b", "--by", "auc");
  }

  private static void assertUsage(String part, Object... words) {
    Cli result = Cli.run(with(new Object[] {"ssimi", "select"}, words));
    assertEquals(2, result.code(), result.err());
    assertTrue(result.err().contains(part), result.err());
  }

  private static Object[] with(Object[] words, Object... more) {
    return Stream.concat(Stream.of(words), Stream.of(more)).toArray();
  }
}
