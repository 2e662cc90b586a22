package org.duovox.units.sets;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.duovox.DuovoxException;
import org.duovox.units.Toy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class UnitSetTest {
  @TempDir Path folder;

  @Test
  void roundTripOverSeveralShards() {
    Path target = folder.resolve("units");
    int[] large = new int[3_000_000];
    java.util.Arrays.fill(large, 2);
    try (UnitSetWriter writer = writer(target)) {
      writer.add("a", new int[] {0, 1, 1}, 960, Map.of("speaker", "x"));
      writer.add("b", large, 1, Map.of());
      writer.add("c", large, 1, Map.of());
      writer.add("d", new int[0], 5, Map.of());
      writer.commit();
    }
    UnitSet set = UnitSet.open(target);
    assertEquals(2, set.manifest().shards());
    assertArrayEquals(new int[] {0, 1, 1}, set.units(0));
    assertArrayEquals(large, set.units(2));
    assertEquals(0, set.units(3).length);
    assertEquals(List.of("a", "b", "c", "d"), set.utterances().stream().map(u -> u.id()).toList());
    assertArrayEquals(new long[] {1, 2, 6_000_000, 0}, set.countUnits().counts());
    assertEquals(6_000_003, set.manifest().frames());
  }

  @Test
  void badUnitsAndDuplicatesAreRefusedAndNothingIsLeft() throws IOException {
    Path target = folder.resolve("units");
    try (UnitSetWriter writer = writer(target)) {
      writer.add("a", new int[] {0}, 1, Map.of());
      assertThrows(DuovoxException.class, () -> writer.add("a", new int[] {0}, 1, Map.of()));
      assertThrows(DuovoxException.class, () -> writer.add("b", new int[] {4}, 1, Map.of()));
    }
    assertFalse(Files.exists(target));
    try (var left = Files.list(folder)) {
      assertEquals(0, left.count());
    }
  }

  @Test
  void changedUnitsAreFoundByTheirSumAndForeignOnesWhenRead() throws IOException {
    Path target = folder.resolve("units");
    try (UnitSetWriter writer = writer(target)) {
      writer.add("a", new int[] {0, 1, 2}, 960, Map.of());
      writer.add("b", new int[] {3}, 320, Map.of());
      writer.commit();
    }
    UnitSet.open(target).verify();
    Path shard = target.resolve(UnitSet.shardName(0));
    byte[] good = Files.readAllBytes(shard);
    byte[] changed = good.clone();
    changed[changed.length - 4] = 1; // The last unit: offsets, the larger type, come first.
    Files.write(shard, changed);
    DuovoxException sum = assertThrows(DuovoxException.class, () -> UnitSet.open(target).verify());
    assertTrue(sum.getMessage().contains("sum"), sum.getMessage());
    changed[changed.length - 4] = 77;
    Files.write(shard, changed);
    DuovoxException unit = assertThrows(DuovoxException.class, () -> UnitSet.open(target).units(1));
    assertTrue(unit.getMessage().contains("'b', frame 0: unit 77"), unit.getMessage());
    Files.write(shard, java.util.Arrays.copyOf(good, good.length - 4));
    assertThrows(DuovoxException.class, () -> UnitSet.open(target));
  }

  @Test
  void setsOfAnEarlierVersionAreRead() throws IOException {
    Path target = folder.resolve("units");
    try (UnitSetWriter writer = writer(target)) {
      writer.add("a", new int[] {0, 1, 2}, 960, Map.of());
      writer.commit();
    }
    Path manifest = target.resolve(UnitSet.MANIFEST);
    String text = Files.readString(manifest);
    Files.writeString(manifest, text.replaceAll("(?s),\\s*\"units_sha256\".*", "}"));
    Path index = target.resolve(IndexFile.NAME);
    Files.writeString(index, Files.readString(index).replace(",\"audio_sha256\":\"\"", ""));
    UnitSet set = UnitSet.open(target);
    set.verify();
    assertEquals("", set.utterances().getFirst().audioSha256());
    assertEquals(Map.of(), set.manifest().source());
  }

  @Test
  void emptySetIsRefused() {
    try (UnitSetWriter writer = writer(folder.resolve("units"))) {
      assertThrows(DuovoxException.class, writer::commit);
    }
  }

  @Test
  void indexThatDoesNotFitIsRefusedWithItsLine() throws IOException {
    Path target = folder.resolve("units");
    try (UnitSetWriter writer = writer(target)) {
      writer.add("a", new int[] {0}, 1, Map.of());
      writer.add("b", new int[] {1}, 1, Map.of());
      writer.commit();
    }
    Path index = target.resolve(IndexFile.NAME);
    List<String> lines = Files.readAllLines(index);
    Files.write(index, List.of(lines.get(0), lines.get(0)));
    DuovoxException twice = assertThrows(DuovoxException.class, () -> UnitSet.open(target));
    assertTrue(twice.getMessage().contains("index.jsonl:2"), twice.getMessage());
    Files.write(index, List.of(lines.get(0)));
    assertThrows(DuovoxException.class, () -> UnitSet.open(target));
  }

  private static UnitSetWriter writer(Path target) {
    return new UnitSetWriter(target, Toy.stream("fine", 20, 0), Toy.codebook("fine", 4, 2, 20));
  }

  @Test
  void aManifestThatDisagreesIsRefused() throws IOException {
    Path target = folder.resolve("units");
    try (UnitSetWriter writer = writer(target)) {
      writer.add("a", new int[] {0}, 320, Map.of());
      writer.commit();
    }
    Path manifest = target.resolve(UnitSet.MANIFEST);
    String text = Files.readString(manifest);
    for (String shards : List.of("0", "2")) {
      Files.writeString(manifest, text.replace("\"shards\" : 1", "\"shards\" : " + shards));
      DuovoxException e = assertThrows(DuovoxException.class, () -> UnitSet.open(target));
      assertTrue(
          e.getMessage().contains("says " + shards + " shards, the index 1"), e.getMessage());
    }
    for (String codes : List.of("0", "2147483647")) {
      Files.writeString(manifest, text.replace("\"vocabulary\" : 4", "\"vocabulary\" : " + codes));
      DuovoxException e = assertThrows(DuovoxException.class, () -> UnitSet.open(target));
      assertEquals(DuovoxException.Kind.BAD_DATA, e.kind());
      assertTrue(e.getMessage().contains("manifest.json"), e.getMessage());
      assertTrue(e.getMessage().contains("vocabulary must be 1 to 16777216"), e.getMessage());
    }
  }
}
