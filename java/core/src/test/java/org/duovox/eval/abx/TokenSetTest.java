package org.duovox.eval.abx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.duovox.DuovoxException;
import org.duovox.speech.Frames;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenSetTest {
  private static final Slicing EVERY_10_MS = new Slicing(10, 5, false);

  @TempDir private Path folder;

  private ItemFile items(String... lines) throws IOException {
    List<String> all = new ArrayList<>(List.of("#header"));
    all.addAll(List.of(lines));
    return ItemFile.read(Files.write(folder.resolve("a.item"), all));
  }

  /// Frames that hold their own index.
  private static Frames counting(int count) {
    float[] values = new float[count];
    IntStream.range(0, count).forEach(i -> values[i] = i);
    return new Frames(values, count, 1);
  }

  private static TokenSet read(ItemFile items, Map<String, Frames> all, Slicing slicing) {
    return TokenSet.read(
        items, ToyItems.source(all), slicing, FramePooling.NONE, false, done -> {});
  }

  @Test
  void framesAreThoseBetweenOnsetAndOffsetWithoutTheLast() throws IOException {
    ItemFile items =
        items(
            "f 0.00 0.05 a n n s",
            "f 0.0151 0.0549 a n n s",
            "f 0.0149 0.0551 a n n s",
            "f 0.08 0.14 a n n s",
            "f 0.030 0.034 a n n s");
    try (TokenSet set = read(items, Map.of("f", counting(10)), EVERY_10_MS)) {
      assertArrayEquals(new float[] {0, 1, 2, 3}, set.frames().read(0));
      assertArrayEquals(new float[] {2, 3}, set.frames().read(1));
      assertArrayEquals(new float[] {1, 2, 3, 4}, set.frames().read(2));
      assertArrayEquals(new float[] {8, 9}, set.frames().read(3), "cut at the end");
      assertEquals(4, set.size());
      assertEquals(1, set.leftOut());
    }
  }

  @Test
  void theTimeOfTheFirstFrameCounts() throws IOException {
    ItemFile items = items("f 0.02 0.06 a n n s");
    try (TokenSet set = read(items, Map.of("f", counting(10)), new Slicing(10, 25, false))) {
      assertArrayEquals(new float[] {0, 1, 2}, set.frames().read(0));
    }
  }

  @Test
  void recordingsComeByNameAndMayLieInFolders() throws IOException {
    ItemFile items = items("g 0.00 0.02 a n n s", "f 0.00 0.03 a n n s");
    Map<String, Frames> all = Map.of("dev/f", counting(10), "dev/g", counting(10));
    try (TokenSet set = read(items, all, EVERY_10_MS)) {
      assertEquals(2, set.frames().frames(0));
      assertEquals(1, set.frames().frames(1));
    }
  }

  @Test
  void allMissingRecordingsAreListed() throws IOException {
    ItemFile items =
        items("f 0 0.05 a n n s", "g 0 0.05 a n n s", "h 0 0.05 a n n s", "h 0 0.04 a n n s");
    DuovoxException e =
        assertThrows(
            DuovoxException.class, () -> read(items, Map.of("f", counting(10)), EVERY_10_MS));
    assertEquals(DuovoxException.Kind.MISSING_INPUT, e.kind());
    assertTrue(e.getMessage().contains("a.item:3: there are no features of g (1 items)"));
    assertTrue(e.getMessage().contains("a.item:4: there are no features of h (2 items)"));
  }

  @Test
  void allThatIsWrongWithFramesIsListed() throws IOException {
    ItemFile items =
        items("e 0 0.05 a n n s", "f 0 0.05 a n n s", "g 0 0.05 a n n s", "h 0 9.5 a n n s");
    Map<String, Frames> all = new TreeMap<>();
    all.put("e", counting(10));
    all.put("f", new Frames(new float[12], 6, 2));
    all.put("g", new Frames(new float[] {1, 2, Float.NaN, 3, 4, 5}, 6, 1));
    all.put("h", counting(10));
    DuovoxException e = assertThrows(DuovoxException.class, () -> read(items, all, EVERY_10_MS));
    assertEquals(DuovoxException.Kind.BAD_DATA, e.kind());
    for (String part :
        List.of(
            "3 problems",
            "f: frames of 2 values; those of e have 1",
            "g: frame 2 holds NaN",
            "a.item:5: ends at 9.5 s, but the 10 frames of h end at 0.100 s",
            "--allow-outside")) {
      assertTrue(e.getMessage().contains(part), e.getMessage());
    }
  }

  @Test
  void itemsOutsideAreCutOnDemand() throws IOException {
    ItemFile items = items("f 0.05 9.5 a n n s", "f 8 9 a n n s");
    try (TokenSet set = read(items, Map.of("f", counting(10)), new Slicing(10, 5, true))) {
      assertArrayEquals(new float[] {5, 6, 7, 8, 9}, set.frames().read(0));
      assertEquals(1, set.leftOut());
    }
  }

  @Test
  void aWrongIntervalIsTold() throws IOException {
    ItemFile items = items("f 0 0.05 a n n s");
    String message =
        assertThrows(
                DuovoxException.class,
                () -> read(items, Map.of("f", counting(10)), new Slicing(1000, 500, false)))
            .getMessage();
    assertTrue(message.contains("no item is as long as a frame of 1000.0 ms"), message);
  }

  @Test
  void framesOfZerosAreCountedAndFarFromAllOthers() throws IOException {
    ItemFile items = items("f 0 0.03 a n n s");
    Frames frames = new Frames(new float[] {3, 4, 0, 0, -4, 3}, 3, 2);
    try (TokenSet set =
        TokenSet.read(
            items,
            ToyItems.source(Map.of("f", frames)),
            new Slicing(10, -5, false),
            FramePooling.NONE,
            true,
            done -> {})) {
      assertEquals(1, set.zeroFrames());
      assertEquals("f, frame 1", set.firstZero());
      assertEquals("f: frame 2 holds -4.0", set.notDistributions());
      FrameTable table = new FrameTable(set.frames(), new int[] {0}, FrameDistance.COSINE);
      float[] cells = new float[table.frames() * table.frames()];
      table.distances(0, table, cells);
      int n = table.frames();
      assertEquals(1f, cells[n - 1], "zeros to (3, 4) or the reverse");
      assertEquals(0f, cells[n * n - 1]);
      assertFalse(Float.isNaN(cells[0]));
    }
  }

  @Test
  void manyFramesGoToDiskAndComeBackEqual() {
    try (TokenFrames memory = new TokenFrames(3, Long.MAX_VALUE);
        TokenFrames disk = new TokenFrames(3, 20)) {
      for (int token = 0; token < 9; token++) {
        float[] values = new float[3 * (token + 1)];
        Arrays.fill(values, token + 0.5f);
        memory.add(values);
        disk.add(values);
      }
      assertTrue(disk.isOnDisk());
      assertFalse(memory.isOnDisk());
      for (int token = 8; token >= 0; token--) {
        assertEquals(token + 1, disk.frames(token));
        assertArrayEquals(memory.read(token), disk.read(token));
      }
    }
  }
}
