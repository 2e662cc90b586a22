package org.duovox.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.duovox.io.json.Json;
import org.duovox.io.tensors.Safetensors;
import org.duovox.io.tensors.SafetensorsFile;
import org.duovox.io.tensors.SafetensorsWriter;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Tests the verbs around a model: a corpus with features, their reconstruction, baselines of equal
/// size, `forward`.
class ModelVerbsTest {
  @TempDir private static Path folder;
  private static Path corpus;
  private static Path features;

  @BeforeAll
  static void aCorpusWithFeatures() throws IOException {
    String library = System.getProperty("duovox.library", "");
    assumeTrue(
        Files.isRegularFile(Path.of(library)), "the native library is not built: " + library);
    features = folder.resolve("features");
    Path manifest = Melodies.write(folder, 12);
    Cli.ok("features", "--encoder", "logmel", "--manifest", manifest, "--out", features, "-q");
    units(8, "contextual");
    units(6, "phonetic");
    corpus = folder.resolve("corpus");
    align(corpus, "--contextual-features", features, "--feature-type", "float32");
  }

  private static void units(int clusters, String name) {
    Path codebook = folder.resolve(name + ".safetensors");
    Cli.ok(
        "kmeans", "--features", features, "--clusters", clusters, "--out", codebook, "--seed", 1);
    Cli.ok(
        "quantize", "--features", features, "--codebook", codebook, "--out", folder.resolve(name));
  }

  private static void align(Path out, Object... more) {
    Object[] words = {
      "align",
      "--contextual",
      folder.resolve("contextual"),
      "--phonetic",
      folder.resolve("phonetic"),
      "--out",
      out
    };
    Cli.ok(Stream.of(words, more).flatMap(Arrays::stream).toArray());
  }

  private static Cli pretrain(String name, Path from, String... settings) {
    List<Object> words =
        new ArrayList<>(
            List.of(
                "pretrain",
                "--corpus",
                from,
                "--out",
                folder.resolve(name),
                "--preset",
                "charbert-tiny",
                "--set",
                "model.hidden=16",
                "--set",
                "model.feed_forward=32",
                "--set",
                "pretrain.steps=3",
                "--set",
                "pretrain.threads=1"));
    words.addAll(List.of(settings));
    return Cli.run(words.toArray());
  }

  @Test
  void theManifestSaysWhichFeaturesAreKept() {
    JsonNode kept = Json.tree(corpus.resolve("manifest.json")).path("contextual_features");
    assertEquals(80, kept.path("width").asInt());
    assertEquals("float32", kept.path("dtype").asString());
    assertEquals("logmel", kept.path("features").path("encoder").asString());
    assertTrue(Files.exists(corpus.resolve("features-00000.safetensors")));
  }

  @Test
  void reconstructionOfFeatures() {
    Cli done = pretrain("features-run", corpus, "--set", "pretrain.mcr_target=feature");
    assertEquals(0, done.code(), done.err());
    Path plain = folder.resolve("plain");
    align(plain);
    Cli refused = pretrain("none", plain, "--set", "pretrain.mcr_target=feature");
    assertEquals(78, refused.code());
    assertTrue(refused.err().contains("--contextual-features DIR"), refused.err());
    assertFalse(Files.exists(folder.resolve("none/model.safetensors")));
  }

  @Test
  void withResumeOnlyTheOtherOutputsAreReplaced() throws IOException {
    Path json = folder.resolve("again/told.json");
    Cli first = pretrain("again", corpus, "--json=" + json);
    assertEquals(0, first.code(), first.err());
    String before = Files.readString(folder.resolve("again/metrics.jsonl"));
    Cli refused = pretrain("again", corpus, "--resume", "--json=" + json);
    assertEquals(73, refused.code(), refused.err());
    Cli resumed = pretrain("again", corpus, "--resume", "--replace", "--json=" + json);
    assertEquals(0, resumed.code(), resumed.err());
    assertEquals(before, Files.readString(folder.resolve("again/metrics.jsonl")));
    assertFalse(Files.exists(folder.resolve("again.replaced-1")));
    Cli anew = pretrain("again", corpus, "--replace", "--json=" + json);
    assertEquals(0, anew.code(), anew.err());
    assertTrue(Files.exists(folder.resolve("again.replaced-1/told.json")));
    assertTrue(Files.exists(json));
  }

  @Test
  void aMatchedBaselineIsPrintedAndRecorded() {
    Cli done = pretrain("joint", corpus, "--set", "model.kind=joint", "--match", "parameters");
    assertEquals(0, done.code(), done.err());
    assertTrue(done.err().contains("matched by parameters: joint 2 x "), done.err());
    JsonNode match = Json.tree(folder.resolve("joint/match.json"));
    assertEquals("dual", match.path("reference").path("kind").asString());
    assertTrue(Math.abs(match.path("difference_percent").asDouble()) < 2, match.toString());
    Cli embedded =
        Cli.ok(
            "embed",
            "--model",
            folder.resolve("joint"),
            "--corpus",
            corpus,
            "--channel",
            "both",
            "--out",
            folder.resolve("joint-embeddings"));
    assertTrue(embedded.out().contains("wrote "), embedded.out());
    Cli dual = pretrain("dual-matched", corpus, "--match", "flops");
    assertEquals(2, dual.code());
    assertTrue(dual.err().contains("model.kind=single"), dual.err());
    assertEquals(2, pretrain("x", corpus, "--match", "size").code());
  }

  @Test
  void whatNeedsAGpuSaysSo() {
    Cli half = pretrain("fp16", corpus, "--set", "model.precision=fp16");
    assertEquals(78, half.code(), half.err());
    assertTrue(half.err().contains("--device cuda"), half.err());
    assertFalse(Files.exists(folder.resolve("fp16/model.safetensors")));
    assertEquals(2, pretrain("tpu", corpus, "--device", "tpu").code());
  }

  @Test
  void withoutAGpuCudaIsRefused() {
    assumeFalse(Files.exists(Path.of("/dev/nvidiactl")), "this machine has an NVIDIA GPU");
    Cli refused = pretrain("cuda", corpus, "--device", "cuda");
    assertEquals(69, refused.code(), refused.err());
    assertTrue(refused.err().contains("duovox fetch cuda"), refused.err());
    assertFalse(Files.exists(folder.resolve("cuda")));
  }

  @Test
  void forwardOfAPretrainedModel() {
    Cli trained = pretrain("model", corpus);
    assertEquals(0, trained.code(), trained.err());
    Path inputs = folder.resolve("inputs.safetensors");
    write(inputs, 3);
    Path outputs = folder.resolve("outputs.safetensors");
    Path gradients = folder.resolve("gradients.safetensors");
    Object[] words = {
      "forward",
      "--model",
      folder.resolve("model"),
      "--inputs",
      inputs,
      "--outputs",
      outputs,
      "--gradients",
      gradients
    };
    Cli text = Cli.ok(words);
    assertTrue(text.out().contains("loss: "), text.out());
    assertTrue(text.out().contains("logits [1, 3, 8]"), text.out());
    try (SafetensorsFile tensors = Safetensors.open(outputs)) {
      assertEquals(3 * 80, tensors.floats("reconstruction").length);
    }
    try (SafetensorsFile tensors = Safetensors.open(gradients)) {
      assertTrue(tensors.find("interaction.shared.convolution.weight").isPresent());
    }
    write(inputs, 99);
    assertEquals(73, Cli.run(words).code(), "the outputs are there");
    Cli refused = Cli.run(Stream.concat(Arrays.stream(words), Stream.of("--replace")).toArray());
    assertEquals(65, refused.code());
    assertTrue(
        refused.err().contains("context_units, row 0, position 1: 99, must be 0 to 11"),
        refused.err());
    words[8] = outputs;
    assertEquals(2, Cli.run(words).code(), "one file for both");
    words[2] = folder.resolve("gone");
    words[6] = folder.resolve("new-outputs.safetensors");
    words[8] = folder.resolve("new-gradients.safetensors");
    assertEquals(66, Cli.run(words).code());
  }

  private static void write(Path file, int unit) {
    try (SafetensorsWriter writer = Safetensors.create(file, Map.of())) {
      long[] shape = {1, 3};
      writer.add("context_units", shape, new int[] {8, unit, 9});
      writer.add("phonetic_units", new long[] {1, 4}, new long[] {6, 2, 3, 6});
      writer.add("start", shape, new int[] {0, 1, 3});
      writer.add("end", shape, new int[] {0, 2, 3});
      writer.add("labels", shape, new int[] {-1, 5, -1});
      writer.commit();
    }
  }

  @Test
  void headsMustBePositive() {
    Cli refused = Cli.run("convert", "x.pt", "--out", folder.resolve("o"), "--heads", "0");
    assertEquals(2, refused.code());
    assertTrue(refused.err().contains("--heads must be positive"), refused.err());
  }
}
