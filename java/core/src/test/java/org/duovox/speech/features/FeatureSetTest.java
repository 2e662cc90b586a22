package org.duovox.speech.features;

import static org.duovox.testing.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.duovox.DuovoxException.Kind;
import org.duovox.speech.Frames;
import org.duovox.speech.Layer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeatureSetTest {
  private static final FeatureProvenance ORIGIN =
      new FeatureProvenance("fake", "", "none", "whole", Map.of());
  private static final Layer LAYER = new Layer("only", 2, 10, 12.5);
  @TempDir Path root;
  private Path folder;

  @BeforeEach
  void writeSet() {
    folder = root.resolve("set");
    try (FeatureWriter writer = new FeatureWriter(folder, ORIGIN, List.of(LAYER), 40)) {
      for (int i = 0; i < 5; i++) {
        writer.add("dir/u" + i, 160 * i, Map.of(), Map.of("only", frames(i + 1, i)));
      }
      writer.commit();
    }
  }

  private static Frames frames(int count, float value) {
    float[] values = new float[count * 2];
    java.util.Arrays.fill(values, value);
    return new Frames(values, count, 2);
  }

  private void open() {
    FeatureSet.open(folder).close();
  }

  @Test
  void batchesAreRecordedAndSetsOfEarlierBuildsLackThem() throws IOException {
    Path batched = root.resolve("batched");
    FeatureProvenance origin = new FeatureProvenance("fake", "", "none", "whole", 2.5, Map.of());
    try (FeatureWriter writer = new FeatureWriter(batched, origin, List.of(LAYER))) {
      writer.add("a", 160, Map.of(), Map.of("only", frames(1, 0)));
      writer.commit();
    }
    Path manifest = batched.resolve("manifest.json");
    String text = Files.readString(manifest);
    assertEquals(2.5, FeatureManifest.read(batched).batchSeconds());
    Files.writeString(manifest, text.replaceAll("\"batch_seconds\" : 2.5,\\s*", ""));
    assertEquals(0, FeatureManifest.read(batched).batchSeconds());
  }

  @Test
  void readsBackInOrderAndById() {
    try (FeatureSet set = FeatureSet.open(folder)) {
      List<String> ids = new ArrayList<>();
      set.forEach(
          "only",
          (entry, frames) -> {
            assertEquals(frames(ids.size() + 1, ids.size()), frames);
            ids.add(entry.id());
          });
      assertEquals(List.of("dir/u0", "dir/u1", "dir/u2", "dir/u3", "dir/u4"), ids);
      assertEquals(LAYER, set.layer("only"));
      assertEquals(Map.of("only", 15L), set.manifest().frames());
      assertEquals(1600 / 16_000.0, set.manifest().seconds());
      assertEquals(frames(4, 3), set.read("dir/u3", "only"));
      set.verify();
    }
  }

  @Test
  void unknownNamesAreAnsweredWithTheNearest() {
    try (FeatureSet set = FeatureSet.open(folder)) {
      assertFails(Kind.BAD_DATA, () -> set.read("dir/v3", "only"), "did you mean");
      assertFails(Kind.BAD_CONFIG, () -> set.read("dir/u3", "block2"), "it has only");
    }
  }

  @Test
  void whatIsNoFinishedSetIsRefused() throws IOException {
    assertFails(Kind.MISSING_INPUT, () -> FeatureSet.open(root.resolve("no")), "no such");
    assertFails(Kind.MISSING_INPUT, () -> FeatureSet.open(root), "no finished feature set");
    Files.writeString(folder.resolve("manifest.json"), "{\"format\": \"duovox-units\"}");
    assertFails(Kind.BAD_DATA, this::open, "duovox-units");
  }

  @Test
  void anUnfinishedSetIsNotThere() {
    Path target = root.resolve("half");
    try (FeatureWriter writer = new FeatureWriter(target, ORIGIN, List.of(LAYER), 40)) {
      writer.add("a", 160, Map.of(), Map.of("only", frames(9, 1)));
      writer.add("b", 160, Map.of(), Map.of("only", frames(1, 1)));
      assertFails(
          Kind.BAD_DATA,
          () -> writer.add("a", 160, Map.of(), Map.of("only", frames(1, 1))),
          "two utterances");
    }
    assertFalse(Files.exists(target));
    assertEquals(List.of("set"), List.of(root.toFile().list()));
  }

  @Test
  void damagedPartsAreNamed() throws IOException {
    Path shard = folder.resolve("features-00001.safetensors");
    byte[] bytes = Files.readAllBytes(shard);
    Files.write(shard, java.util.Arrays.copyOf(bytes, bytes.length - 4));
    assertFails(Kind.BAD_DATA, this::open, "features-00001.safetensors has");
    bytes[bytes.length - 1] ^= 1;
    Files.write(shard, bytes);
    try (FeatureSet set = FeatureSet.open(folder)) {
      assertFails(Kind.BAD_DATA, set::verify, "features-00001.safetensors");
    }
    Files.delete(shard);
    assertFails(Kind.BAD_DATA, this::open, "features-00001.safetensors is missing");
  }

  @Test
  void anIndexThatDisagreesIsRefused() throws IOException {
    Path index = folder.resolve("index.jsonl");
    String text = Files.readString(index);
    Files.writeString(index, text.replace("{\"only\":2}", "{\"only\":3}"));
    assertFails(Kind.BAD_DATA, this::open, "dir/u1", "not as the index says");
    Files.writeString(index, text.lines().findFirst().orElseThrow() + "\n");
    assertFails(Kind.BAD_DATA, this::open, "1 utterances");
    Files.writeString(index, text.replace("dir/u1", "dir/u0"));
    assertFails(Kind.BAD_DATA, this::open, "index.jsonl:2", "twice");
    Files.writeString(index, text.replace("\"samples\"", "\"sample\""));
    assertFails(Kind.BAD_DATA, this::open, "index.jsonl:1", "samples");
    Files.delete(index);
    assertFails(Kind.BAD_DATA, this::open, "index.jsonl is missing");
  }

  @Test
  void framesThatDisagreeAreRefused() throws IOException {
    Path manifest = folder.resolve("manifest.json");
    String text = Files.readString(manifest);
    Files.writeString(manifest, text.replace("\"only\" : 15", "\"only\" : 16"));
    assertFails(Kind.BAD_DATA, this::open, "has 15 frames, the manifest says 16");
  }
}
