package org.duovox.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.duovox.DuovoxException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MappedTensorTest {
  @TempDir Path folder;

  @Test
  void readsWhatTheOrdinaryReaderReads() {
    Path file = folder.resolve("a.safetensors");
    int[] ints = new Random(1).ints(100_003).toArray();
    long[] longs = new Random(2).longs(501).toArray();
    try (SafetensorsWriter writer = Safetensors.create(file, Map.of())) {
      writer.add("ints", new long[] {ints.length}, ints);
      writer.add("longs", new long[] {longs.length}, longs);
      writer.addU16("small", new long[] {3}, new int[] {1, 65_535, 7});
      writer.add("none", new long[] {0}, new int[0]);
      writer.commit();
    }
    MappedTensor mapped = MappedTensor.open(file, "ints");
    assertEquals(ints.length, mapped.size());
    assertArrayEquals(ints, mapped.range(0, ints.length));
    assertArrayEquals(Arrays.copyOfRange(ints, 999, 70_001), mapped.range(999, 70_001));
    assertEquals(ints[4], mapped.at(4));
    assertEquals(longs[500], MappedTensor.open(file, "longs").at(500));
    assertThrows(
        DuovoxException.class, () -> MappedTensor.open(file, "longs").range(0, longs.length));
    assertArrayEquals(new int[] {1, 65_535, 7}, MappedTensor.open(file, "small").range(0, 3));
    assertEquals(0, MappedTensor.open(file, "none").range(0, 0).length);
    assertThrows(DuovoxException.class, () -> MappedTensor.open(file, "nothing"));
    assertThrows(DuovoxException.class, () -> MappedTensor.open(folder.resolve("gone"), "ints"));
  }

  @Test
  void aFileThatIsCutOffIsAnErrorAndNoCrash() throws IOException {
    Path file = folder.resolve("b.safetensors");
    int[] ints = new int[1 << 20];
    try (SafetensorsWriter writer = Safetensors.create(file, Map.of())) {
      writer.add("ints", new long[] {ints.length}, ints);
      writer.commit();
    }
    MappedTensor mapped = MappedTensor.open(file, "ints");
    assertArrayEquals(new int[8], mapped.range(1 << 19, (1 << 19) + 8));
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(8192);
    }
    DuovoxException bulk =
        assertThrows(DuovoxException.class, () -> mapped.range(1000, ints.length));
    assertTrue(bulk.getMessage().contains("became shorter"), bulk.getMessage());
    assertEquals(DuovoxException.Kind.IO, bulk.kind());
    assertThrows(DuovoxException.class, () -> mapped.at(ints.length - 1));
    assertThrows(DuovoxException.class, () -> MappedTensor.open(file, "ints"));
    assertEquals(8192, Files.size(file));
  }
}
