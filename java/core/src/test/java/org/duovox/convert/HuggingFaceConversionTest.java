package org.duovox.convert;

import static org.duovox.testing.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.duovox.DuovoxException.Kind;
import org.duovox.io.tensors.Safetensors;
import org.duovox.io.tensors.SafetensorsFile;
import org.duovox.io.tensors.TensorInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `pytorch_model.bin` with its configuration, whole and in shards, on random weights.
class HuggingFaceConversionTest {
  @TempDir Path folder;

  private final Random random = new Random(9);

  private Set<String> names() {
    try (SafetensorsFile file = Safetensors.open(folder.resolve("out/model.safetensors"))) {
      return new TreeSet<>(file.tensors().stream().map(TensorInfo::name).toList());
    }
  }

  @Test
  void huggingFaceWholeAndInShards() throws Exception {
    Map<String, long[]> first =
        Map.of("hubert.feature_extractor.conv_layers.0.conv.weight", new long[] {4, 1, 10});
    Map<String, long[]> second = Map.of("hubert.encoder.layer_norm.weight", new long[] {8});
    Path whole = Checkpoints.write(folder, "pytorch_model.bin", Checkpoints.state(first, random));
    assertFails(
        Kind.BAD_DATA, () -> Checkpoints.convert(whole, folder.resolve("out")), "config.json");
    Checkpoints.write(folder, "config.json", "{\"model_type\": \"hubert\"}\n");
    Conversion conversion = Checkpoints.convert(folder, folder.resolve("out"));
    assertEquals(first.keySet(), names());
    assertTrue(conversion.notes().getFirst().contains("preprocessor_config.json"));
    assertEquals(
        "{\"model_type\": \"hubert\"}\n", Files.readString(folder.resolve("out/config.json")));
    Checkpoints.write(folder, "one.bin", Checkpoints.state(first, random));
    Checkpoints.write(folder, "two.bin", Checkpoints.state(second, random));
    index("two.bin");
    Conversion shards = Checkpoints.convert(folder, folder.resolve("out"));
    assertEquals(2, shards.sources().size());
    assertEquals(2, names().size());
    index("one.bin");
    assertFails(
        Kind.BAD_DATA, () -> Checkpoints.convert(folder, folder.resolve("out")), "is not in");
    index("../two.bin");
    assertFails(
        Kind.BAD_DATA, () -> Checkpoints.convert(folder, folder.resolve("out")), "no file beside");
  }

  private void index(String second) {
    Checkpoints.write(
        folder,
        "pytorch_model.bin.index.json",
        """
        {"metadata": {}, "weight_map": {
          "hubert.feature_extractor.conv_layers.0.conv.weight": "one.bin",
          "hubert.encoder.layer_norm.weight": "%s"}}
        """
            .formatted(second));
  }
}
