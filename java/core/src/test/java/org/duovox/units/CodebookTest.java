package org.duovox.units;

import static org.duovox.testing.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.duovox.DuovoxException;
import org.duovox.DuovoxException.Kind;
import org.duovox.io.tensors.NpyFile;
import org.duovox.io.tensors.Safetensors;
import org.duovox.io.tensors.SafetensorsWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CodebookTest {
  @TempDir Path folder;

  @Test
  void roundTripKeepsEverythingAndBytesAreEqual() throws IOException {
    Codebook codebook = Toy.codebook("coarse", 5, 3, 80);
    codebook.write(folder.resolve("a"));
    Codebook read = Codebook.read(folder.resolve("a"));
    assertArrayEquals(codebook.centroids(), read.centroids());
    assertEquals(codebook.stream(), read.stream());
    assertEquals(codebook.fit(), read.fit());
    assertEquals(codebook.sha256(), read.sha256());
    read.write(folder.resolve("b"));
    assertEquals(-1, Files.mismatch(folder.resolve("a"), folder.resolve("b")));
  }

  @Test
  void identityIsTheSumOfTheValues() {
    Codebook codebook = Toy.codebook("coarse", 5, 3, 80);
    float[] changed = codebook.centroids();
    changed[7] = Math.nextUp(changed[7]);
    assertNotEquals(
        codebook.sha256(), new Codebook(changed, 5, codebook.stream(), Map.of()).sha256());
    assertEquals(
        "af5570f5a1810b7af78caf4bc70a660f0df51e42baf91d4de5b2328de0e83dfc",
        new Codebook(new float[] {0, 0}, 1, codebook.stream(), Map.of()).sha256(),
        "sha256 of eight zero bytes");
  }

  @Test
  void fileWithoutMetadataIsReadAsOfUnknownOrigin() {
    write(new long[] {2, 2}, new float[] {1, 2, 3, 4});
    Codebook codebook = Codebook.read(folder.resolve("c"));
    assertFalse(codebook.stream().hasOrigin());
    assertEquals(2, codebook.width());
  }

  @Test
  void wrongShapeAndNaNAreRefused() {
    write(new long[] {4}, new float[] {1, 2, 3, 4});
    DuovoxException shape =
        assertThrows(DuovoxException.class, () -> Codebook.read(folder.resolve("c")));
    assertTrue(shape.getMessage().contains("(clusters, width)"), shape.getMessage());
    write(new long[] {2, 2}, new float[] {1, Float.NaN, 3, 4});
    DuovoxException notFinite =
        assertThrows(DuovoxException.class, () -> Codebook.read(folder.resolve("c")));
    assertTrue(notFinite.getMessage().contains("element 1"), notFinite.getMessage());
  }

  @Test
  void numpyArraysAreReadAsOfUnknownOrigin() {
    Path file = folder.resolve("centers.npy");
    NpyFile.write(file, new long[] {2, 3}, new float[] {1, 2, 3, 4, 5, 6});
    Codebook codebook = Codebook.read(file);
    assertEquals(2, codebook.clusters());
    assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, codebook.centroids());
    assertFalse(codebook.stream().hasOrigin());
    NpyFile.write(file, new long[] {6}, new float[6]);
    assertThrows(DuovoxException.class, () -> Codebook.read(file));
    NpyFile.write(file, new long[] {1, 1}, new float[] {Float.NaN});
    assertThrows(DuovoxException.class, () -> Codebook.read(file));
  }

  @Test
  void jointCodesThatDoNotFitAreRefused() {
    joint(new long[] {2, 2}, 0, 1, 1, 0);
    assertEquals(2, Codebook.read(folder.resolve("c")).joint().orElseThrow().groups());
    refuseJoint(new long[] {3, 1}, 0, 1, 2);
    refuseJoint(new long[] {4}, 0, 1, 2, 3);
    refuseJoint(new long[] {2, 2}, 0, 1, 0, 1);
    refuseJoint(new long[] {2, 1}, 0, -1);
    refuseJoint(new long[] {2, 3}, 0, 1, 2, Integer.MAX_VALUE - 1, 1, 1);
  }

  private void refuseJoint(long[] shape, int... codes) {
    joint(shape, codes);
    assertThrows(DuovoxException.class, () -> Codebook.read(folder.resolve("c")));
  }

  private void joint(long[] shape, int... codes) {
    try (SafetensorsWriter writer = Safetensors.create(folder.resolve("c"), Map.of())) {
      writer.add(Codebook.TENSOR, new long[] {2, 1}, new float[] {1, 2});
      writer.add("joint_codes", shape, codes);
      writer.commit();
    }
  }

  private void write(long[] shape, float[] values) {
    try (SafetensorsWriter writer = Safetensors.create(folder.resolve("c"), Map.of())) {
      writer.add(Codebook.TENSOR, shape, values);
      writer.commit();
    }
  }

  @Test
  void metadataThatCannotBeIsRefusedWithTheFile() {
    for (String[] entry :
        new String[][] {{"interval_ms", "1.5f"}, {"interval_ms", "-1"}, {"offset_ms", "1e300"}}) {
      try (SafetensorsWriter writer =
          Safetensors.create(folder.resolve("m"), Map.of(entry[0], entry[1]))) {
        writer.add(Codebook.TENSOR, new long[] {1, 2}, new float[] {1, 2});
        writer.commit();
      }
      assertFails(
          Kind.BAD_DATA,
          () -> Codebook.read(folder.resolve("m")),
          folder.resolve("m") + ": ",
          entry[0]);
    }
  }

  @Test
  void jointCodesThatCannotBeAreRefusedWithTheFile() {
    Path file = folder.resolve("j");
    try (SafetensorsWriter writer = Safetensors.create(file, Map.of())) {
      writer.add(Codebook.TENSOR, new long[] {2, 1}, new float[] {1, 2});
      writer.add("joint_codes", new long[] {2, 1}, new int[] {3, -1});
      writer.commit();
    }
    assertFails(Kind.BAD_DATA, () -> Codebook.read(file), file + ": joint_codes");
  }

  @Test
  void vectorsWhoseNormsOverflowAreRefused() {
    write(new long[] {2, 2}, new float[] {1, 2, 1e38f, 4});
    assertFails(
        Kind.BAD_DATA, () -> Codebook.read(folder.resolve("c")), "element 2", "squared norm");
  }

  @Test
  void equalVectorsAreNoTargets() {
    write(new long[] {3, 2}, new float[] {1, 2, 1, 2, 1, 2});
    Codebook equal = Codebook.read(folder.resolve("c"));
    assertFails(
        Kind.BAD_DATA, equal::requireSpread, folder.resolve("c") + ": all its vectors are equal");
    Toy.codebook("coarse", 5, 3, 80).requireSpread();
  }
}
