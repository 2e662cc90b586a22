package org.duovox.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.duovox.io.json.Json;
import org.duovox.io.tensors.Safetensors;
import org.duovox.io.tensors.SafetensorsWriter;
import org.duovox.units.SplitMix;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tests `features` and `quantize` on the folder of a published checkpoint: layers by number,
/// chunking, units, and refusals.
class PublishedEncoderTest {
  private static final int WIDTH = 4;
  private static final int[] KERNELS = {10, 8, 4, 4, 4};

  @TempDir Path folder;
  private Path encoder;
  private Path audio;

  @BeforeEach
  void write() throws IOException {
    encoder = Files.createDirectory(folder.resolve("cpc"));
    audio = Melodies.write(folder, 8);
    Files.writeString(
        encoder.resolve("config.json"),
        "{\"model_type\": \"cpc\", \"hiddenEncoder\": 4, \"hiddenGar\": 4, \"nLevelsGRU\": 2}");
    try (SafetensorsWriter writer =
        Safetensors.create(encoder.resolve("model.safetensors"), Map.of())) {
      for (int i = 0; i < KERNELS.length; i++) {
        add(writer, "gEncoder.conv" + i + ".weight", WIDTH, i == 0 ? 1 : WIDTH, KERNELS[i]);
        add(writer, "gEncoder.conv" + i + ".bias", WIDTH);
        add(writer, "gEncoder.batchNorm" + i + ".weight", 1, WIDTH, 1);
        add(writer, "gEncoder.batchNorm" + i + ".bias", 1, WIDTH, 1);
      }
      for (int level = 0; level < 2; level++) {
        add(writer, "gAR.baseNet.weight_ih_l" + level, 4 * WIDTH, WIDTH);
        add(writer, "gAR.baseNet.weight_hh_l" + level, 4 * WIDTH, WIDTH);
        add(writer, "gAR.baseNet.bias_ih_l" + level, 4 * WIDTH);
        add(writer, "gAR.baseNet.bias_hh_l" + level, 4 * WIDTH);
      }
      writer.commit();
    }
  }

  private static void add(SafetensorsWriter writer, String name, long... shape) {
    int elements = 1;
    for (long size : shape) {
      elements *= (int) size;
    }
    SplitMix random = SplitMix.of(elements, name.length());
    float[] values = new float[elements];
    for (int i = 0; i < elements; i++) {
      values[i] = (float) random.nextGaussian();
    }
    writer.add(name, shape, values);
  }

  private Path features(Object... more) {
    Path out = folder.resolve("features");
    Object[] words = {
      "features", "--encoder", encoder, "--manifest", audio, "--out", out, "-q", "--layer", "2"
    };
    Object[] all = java.util.Arrays.copyOf(words, words.length + more.length);
    System.arraycopy(more, 0, all, words.length, more.length);
    Cli.ok(all);
    return out;
  }

  @Test
  void chunkingIsPartOfTheManifest() {
    Path out = features("--chunking", "window");
    String chunking = Json.tree(out.resolve("manifest.json")).path("chunking").asString();
    assertEquals("window:10240", chunking);
  }

  @Test
  void numbersNameLayersOnTheWholeWay() throws IOException {
    Path out = features();
    Path codebook = folder.resolve("codebook.safetensors");
    Cli.ok("kmeans", "--features", out, "--layer", "2", "--clusters", 4, "--out", codebook);
    Path stored = folder.resolve("stored");
    Cli.ok("quantize", "--features", out, "--codebook", codebook, "--out", stored);
    Path direct = folder.resolve("direct");
    Cli.ok(
        "quantize",
        "--encoder",
        encoder,
        "--manifest",
        audio,
        "--codebook",
        "2=" + codebook,
        "--out",
        direct);
    String units = "units-00000.safetensors";
    assertArrayEquals(
        Files.readAllBytes(stored.resolve(units)),
        Files.readAllBytes(direct.resolve("context_level_2").resolve(units)));
  }

  @Test
  void whatDoesNotFitIsRefused() throws IOException {
    Path out = folder.resolve("none");
    Cli chunked =
        Cli.run("features", "--encoder", "logmel", "--chunking", "window", "--out", out, audio);
    assertEquals(78, chunked.code(), chunked.err());
    Cli layer =
        Cli.run(
            "features", "--encoder", encoder, "--layer", "9", "--out", out, "--manifest", audio);
    assertEquals(78, layer.code());
    assertTrue(layer.err().contains("context_level_2"), layer.err());
    Path config = encoder.resolve("config.json");
    Files.writeString(config, Files.readString(config).replace("GRU\": 2", "GRU\": 3"));
    Cli unfit =
        Cli.run(
            "features", "--encoder", encoder, "--layer", "1", "--out", out, "--manifest", audio);
    assertEquals(65, unfit.code());
    assertTrue(unfit.err().contains("missing: gAR.baseNet.weight_ih_l2"), unfit.err());
    assertFalse(Files.exists(out));
  }
}
