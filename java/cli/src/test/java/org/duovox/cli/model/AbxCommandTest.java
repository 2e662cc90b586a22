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
import java.util.Random;
import org.duovox.cli.Cli;
import org.duovox.io.json.Json;
import org.duovox.io.tensors.NpyFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class AbxCommandTest {
  private static final int FRAMES = 80;

  @TempDir private Path folder;

  /// Two speakers who say two phones by turns, ten frames each; the phones differ in one of three
  /// values.
  @BeforeEach
  void writeSet() throws IOException {
    List<String> lines = new ArrayList<>(List.of("#file onset offset #phone prev next speaker"));
    Random random = new Random(4);
    Files.createDirectories(folder.resolve("features"));
    for (String speaker : List.of("s", "r")) {
      float[] values = new float[3 * FRAMES];
      for (int frame = 0; frame < FRAMES; frame++) {
        int phone = frame / 10 % 2;
        for (int i = 0; i < 3; i++) {
          values[3 * frame + i] = (float) (0.1 * random.nextDouble() + (i == phone ? 1 : 0));
        }
        if (frame % 10 == 0) {
          lines.add(
              "%s %s %s %s x,y %s %s"
                  .formatted(
                      speaker,
                      frame / 100.0,
                      (frame + 10) / 100.0,
                      phone == 0 ? "a" : "e",
                      phone,
                      speaker));
        }
      }
      NpyFile.write(
          folder.resolve("features").resolve(speaker + ".npy"), new long[] {FRAMES, 3}, values);
    }
    Files.write(folder.resolve("toy.item"), lines);
  }

  private Object[] words(Object... more) {
    List<Object> words =
        new ArrayList<>(
            List.of(
                "abx",
                "--features",
                folder.resolve("features"),
                "--items",
                folder.resolve("toy.item")));
    words.addAll(List.of(more));
    return words.toArray();
  }

  @Test
  void jsonHasTheAgreedKeys() {
    Path file = folder.resolve("scores.json");
    Cli.ok(words("--interval-ms", 10, "--json", file));
    JsonNode scores = Json.tree(file).path("scores");
    assertEquals(24, scores.size(), "three distances, two poolings, four conditions");
    assertEquals(0, scores.path("kl_symmetric/mean/across-speaker/any-context").asDouble(1));
    JsonNode undefined = scores.path("cosine/none/within-speaker/within-context");
    assertTrue(undefined.isNull(), "the phones have no context in common");
  }

  @Test
  void printsATableAndWritesPairs() throws IOException {
    Path pairs = folder.resolve("pairs.csv");
    Cli result =
        Cli.ok(
            words(
                "--interval-ms",
                10,
                "--distance",
                "cosine",
                "--pooling",
                "none",
                "--context",
                "any",
                "--csv",
                pairs));
    assertTrue(result.out().contains("cosine/none"), result.out());
    assertFalse(result.out().contains("within-context"), result.out());
    List<String> lines = Files.readAllLines(pairs);
    assertEquals("distance,pooling,speaker,context,phone,other,error,speakers", lines.getFirst());
    assertEquals("cosine,none,within,any,a,e,0.0,2", lines.get(1));
    assertEquals(5, lines.size());
  }

  @Test
  void textFilesGiveTheSame() throws IOException {
    Path texts = Files.createDirectories(folder.resolve("texts/dev"));
    for (String speaker : List.of("s", "r")) {
      StringBuilder text = new StringBuilder();
      try (NpyFile array = NpyFile.open(folder.resolve("features").resolve(speaker + ".npy"))) {
        float[] values = array.floats();
        for (int i = 0; i < values.length; i++) {
          text.append(values[i]).append(i % 3 == 2 ? '\n' : ' ');
        }
      }
      Files.writeString(texts.resolve(speaker + ".txt"), text);
    }
    String expected = Cli.ok(words("--interval-ms", 10, "--json")).out();
    Cli found =
        Cli.ok(
            "abx",
            "--features",
            folder.resolve("texts"),
            "--items",
            folder.resolve("toy.item"),
            "--interval-ms",
            10,
            "--json");
    assertEquals(expected, found.out());
  }

  @Test
  void theGoldenScoresComeFromTheCommandLine() {
    Path shared = Path.of(System.getProperty("duovox.shared", "../../../shared"));
    Path golden = shared.resolve("golden/abx");
    assumeTrue(
        Files.exists(golden),
        () -> "SKIPPED: no " + golden + " beside the repository; set -Dduovox.shared=DIR");
    JsonNode expected = Json.tree(golden.resolve("golden.json")).path("scores");
    int compared = 0;
    for (String features : List.of("features", "posteriors")) {
      Path json = folder.resolve(features + ".json");
      Cli.ok(
          "abx",
          "--features",
          golden.resolve(features),
          "--items",
          golden.resolve("items.item"),
          "--interval-ms",
          10,
          "--json",
          json);
      for (var score : Json.tree(json).path("scores").properties()) {
        if (score.getKey().startsWith("kl") == features.equals("posteriors")) {
          double golds = expected.path(score.getKey()).asDouble();
          assertEquals(golds, score.getValue().asDouble(), 1e-5, score.getKey());
          compared++;
        }
      }
    }
    assertEquals(24, compared);
  }

  @Test
  void theIntervalMustBeKnown() {
    Cli result = Cli.run(words());
    assertEquals(2, result.code());
    assertTrue(result.err().contains("--interval-ms"), result.err());
    assertEquals(2, Cli.run(words("--interval-ms", 0)).code());
  }

  @Test
  void divergencesOfNegativeValuesAreRefusedWhenAskedForOnly() {
    float[] values = new float[3 * FRAMES];
    values[0] = -1;
    values[200] = 1;
    NpyFile.write(folder.resolve("features/s.npy"), new long[] {FRAMES, 3}, values);
    Cli result = Cli.run(words("--interval-ms", 10, "--distance", "kl"));
    assertEquals(65, result.code());
    assertTrue(result.err().contains("s.npy: frame 0 holds -1.0"), result.err());
    Cli all = Cli.ok(words("--interval-ms", 10, "--json"));
    assertEquals(16, all.json().path("scores").size());
    assertTrue(all.err().contains("78 frames hold nothing but zeros"), all.err());
  }

  @Test
  void missingRecordingsAreListed() throws IOException {
    Files.delete(folder.resolve("features/r.npy"));
    Cli result = Cli.run(words("--interval-ms", 10));
    assertEquals(66, result.code());
    assertTrue(result.err().contains("toy.item:10: there are no features of r"), result.err());
  }

  @Test
  void wrongWordsAreToldBeforeAnythingIsRead() {
    assertEquals(2, Cli.run(words("--speaker", "same")).code());
    assertEquals(2, Cli.run(words("--max-group", 1)).code());
    assertEquals(78, Cli.run(words("--pooling", "max")).code());
    Cli layer = Cli.run(words("--interval-ms", 10, "--layer", 4));
    assertEquals(2, layer.code());
    assertTrue(layer.err().contains("--layer is for feature sets"), layer.err());
  }

  @Test
  void phonesOfOneSpeakerAloneHaveNothingAcross() throws IOException {
    List<String> lines = Files.readAllLines(folder.resolve("toy.item"));
    Files.write(folder.resolve("toy.item"), lines.subList(0, 9));
    Cli result = Cli.run(words("--interval-ms", 10, "--speaker", "across"));
    assertEquals(65, result.code());
    assertTrue(result.err().contains("holds no triplet"), result.err());
  }
}
