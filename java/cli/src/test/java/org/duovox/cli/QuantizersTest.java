package org.duovox.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.duovox.io.tensors.NpyFile;
import org.duovox.io.tensors.Safetensors;
import org.duovox.io.tensors.SafetensorsWriter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Tests `kmeans` and `quantize` with every kind of quantizer, through the command line.
final class QuantizersTest {
  @TempDir private Path folder;
  private Path features;

  @BeforeEach
  void extract() throws IOException {
    features = folder.resolve("features");
    Cli.ok(
        "features",
        "--encoder",
        "logmel",
        "--manifest",
        Melodies.write(folder, 12),
        "--out",
        features,
        "--quiet");
  }

  @Test
  void residualAndProductKMeansGiveJointUnits() {
    for (String[] stages : new String[][] {{"--levels", "2"}, {"--groups", "2"}}) {
      Path codebook = folder.resolve(stages[0] + ".safetensors");
      JsonNode fit = kmeans(codebook, stages[0], stages[1], "--starts", "2");
      assertEquals(2, fit.path("stages").asInt());
      assertEquals(80, fit.path("width").asInt());
      JsonNode units = quantize(codebook, folder.resolve(stages[0]));
      int codes = units.path("codebook").path("codes").asInt();
      assertTrue(codes > 8 && codes <= 64, codes + " joint units of 8 x 8");
      assertEquals(codes, units.path("diagnostics").path("used").asInt());
      Path fromSet = folder.resolve(stages[0]).resolve("codebook.safetensors");
      assertEquals(
          units.path("diagnostics"),
          quantize(fromSet, folder.resolve(stages[0] + "-again")).path("diagnostics"));
    }
  }

  @Test
  void theShareOfFramesIsOfTheWholeFit() {
    JsonNode all = kmeans(folder.resolve("all.safetensors"));
    JsonNode half = kmeans(folder.resolve("half.safetensors"), "--sample", "0.5");
    assertTrue(half.path("frames").asInt() < 0.8 * all.path("frames").asInt(), half.toString());
    Cli wrong =
        Cli.run("kmeans", "--features", features, "--clusters", 8, "--out", "x", "--sample", "few");
    assertEquals(2, wrong.code());
    assertTrue(wrong.err().contains("--sample few"), wrong.err());
    Cli both =
        Cli.run(
            "kmeans",
            "--features",
            features,
            "--clusters",
            8,
            "--out",
            "x",
            "--levels",
            2,
            "--groups",
            2);
    assertEquals(2, both.code());
  }

  @Test
  void numpyCentersAreACodebook() {
    Path file = folder.resolve("centers.npy");
    float[] centers = new float[3 * 80];
    for (int i = 0; i < centers.length; i++) {
      centers[i] = -5f * (i / 80);
    }
    NpyFile.write(file, new long[] {3, 80}, centers);
    Cli result =
        Cli.ok(
            "quantize",
            "--features",
            features,
            "--codebook",
            file,
            "--out",
            folder.resolve("units"));
    assertTrue(result.err().contains("does not say which features"), result.err());
    assertTrue(result.out().contains("of 3 codes used"), result.out());
    assertTrue(result.out().contains("run lengths: "), result.out());
  }

  @Test
  void aLayerWithoutCodesNeedsACodebook() {
    Path out = folder.resolve("none");
    Cli result = Cli.run("quantize", "--features", features, "--out", out);
    assertEquals(2, result.code(), result.err());
    assertTrue(result.err().contains("codebook.logmel.safetensors"), result.err());
    assertFalse(Files.exists(out));
  }

  @Test
  void moreCombinationsThanCanBeNumberedAreRefused() {
    try (SafetensorsWriter writer =
        Safetensors.create(features.resolve("codebook.logmel.safetensors"), Map.of())) {
      writer.add("codebook", new long[] {80, 2, 1}, new float[160]);
      writer.commit();
    }
    Path out = folder.resolve("none");
    Cli result = Cli.run("quantize", "--features", features, "--out", out);
    assertEquals(78, result.code(), result.err());
    assertTrue(result.err().contains("80 groups of 2 codes"), result.err());
    assertFalse(Files.exists(out));
  }

  private JsonNode kmeans(Path codebook, String... more) {
    Object[] words = {
      "kmeans", "--features", features, "--clusters", 8, "--out", codebook, "--json", "--quiet"
    };
    Object[] all = Stream.of(words, more).flatMap(Arrays::stream).toArray();
    return Cli.ok(all).json();
  }

  private JsonNode quantize(Path codebook, Path out) {
    return Cli.ok(
            "quantize", "--features", features, "--codebook", codebook, "--out", out, "--json")
        .json();
  }
}
