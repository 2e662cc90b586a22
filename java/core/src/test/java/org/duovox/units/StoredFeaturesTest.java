package org.duovox.units;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.duovox.DuovoxException;
import org.duovox.speech.Layer;
import org.duovox.speech.extract.ShardedFeatures;
import org.duovox.speech.features.FeatureSet;
import org.duovox.speech.features.FeatureWriter;
import org.duovox.units.kmeans.KMeansConfig;
import org.duovox.units.kmeans.KMeansFit;
import org.duovox.units.sets.Quantizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StoredFeaturesTest {
  private static final Layer LAYER = new Layer("fine", 4, 20, 0);

  private final FeatureLayer memory = Toy.features(12, 30, 4, 16);

  @TempDir Path folder;

  @Test
  void storedFeaturesAreTheOnesWritten() {
    write("one", Long.MAX_VALUE);
    try (FeatureLayer stored = StoredFeatures.open(folder.resolve("one"), null)) {
      assertEquals(memory.stream(), stored.stream());
      assertEquals(4, stored.width());
      assertEquals(30 * 320, stored.utterances().get(3).samples());
      assertArrayEquals(memory.read(3), stored.read(3));
      assertThrows(
          DuovoxException.class, () -> StoredFeatures.open(folder.resolve("one"), "other"));
    }
  }

  @Test
  void codebookAndUnitsDoNotDependOnTheNumberOfShards() throws IOException {
    byte[] whole = fit("one", Long.MAX_VALUE);
    byte[] cut = fit("many", 1200);
    try (FeatureSet many = FeatureSet.open(folder.resolve("many"))) {
      assertTrue(many.manifest().shards().size() > 2, "the set is cut into several files");
    }
    assertArrayEquals(whole, cut);
    for (String file : new String[] {"units-00000.safetensors", "index.jsonl", "manifest.json"}) {
      assertEquals(
          -1,
          Files.mismatch(
              folder.resolve("one-units").resolve(file),
              folder.resolve("many-units").resolve(file)));
    }
  }

  private byte[] fit(String name, long shardBytes) throws IOException {
    write(name, shardBytes);
    Path file = folder.resolve(name + ".safetensors");
    try (FeatureLayer stored = StoredFeatures.open(folder.resolve(name), "fine")) {
      Codebook codebook =
          KMeansFit.fit(stored, new KMeansConfig(6, 3, 50, 2, 3, 0, 40, 1, 1)).codebook();
      codebook.write(file);
      Quantizer.quantize(stored, codebook, folder.resolve(name + "-units"), done -> {});
    }
    return Files.readAllBytes(file);
  }

  private void write(String name, long shardBytes) {
    try (FeatureWriter writer = ShardedFeatures.writer(folder.resolve(name), LAYER, shardBytes)) {
      for (int i = 0; i < memory.utterances().size(); i++) {
        ShardedFeatures.add(writer, memory.utterances().get(i).id(), LAYER, memory.read(i));
      }
      writer.commit();
    }
  }
}
