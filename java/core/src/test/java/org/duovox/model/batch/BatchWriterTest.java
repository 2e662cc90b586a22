package org.duovox.model.batch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.duovox.internal.NativeRing.Shape;
import org.duovox.internal.NativeRing.Slot;
import org.duovox.model.Slots;
import org.duovox.model.ToyModel;
import org.duovox.model.UnitIds;
import org.duovox.units.Toy;
import org.duovox.units.UnitStream;
import org.duovox.units.corpus.Corpus;
import org.duovox.units.corpus.UnitUtterance;
import org.junit.jupiter.api.Test;

final class BatchWriterTest {
  // Codes 0 to 9 and 0 to 4: CLS 10, SEP 11, MASK 12, PAD 13; phonetic PAD 5, MASK 6.
  private static final UnitUtterance LONG =
      new UnitUtterance(
          "long",
          new int[] {7, 8, 9},
          new int[] {1, 1, 1},
          new int[] {0, 1, 2, 3, 4},
          new int[] {0, 1, 4},
          new int[] {0, 3, 4},
          100,
          Map.of());
  private static final UnitUtterance SHORT =
      new UnitUtterance(
          "short",
          new int[] {6},
          new int[] {1},
          new int[] {2, 1},
          new int[] {0},
          new int[] {1},
          100,
          Map.of());

  private final Slot slot = Slots.heap();

  @Test
  void dualBatchIsLaidOutWithSpecialsAndPadding() {
    Shape shape = write(corpus());
    assertEquals(List.of(0, 2, 5, 7), sizes(shape));
    assertArrayEquals(
        new int[] {10, 7, 8, 9, 11, 10, 6, 11, 13, 13}, Slots.head(slot.contextual(), 10));
    int[] none = new int[10];
    java.util.Arrays.fill(none, -1);
    assertArrayEquals(none, Slots.head(slot.targets(), 10));
    assertArrayEquals(
        new int[] {5, 0, 1, 2, 3, 4, 5, 5, 2, 1, 5, 5, 5, 5}, Slots.head(slot.phonetic(), 14));
    assertArrayEquals(
        new int[] {0, 1, 2, 5, 6, 0, 1, 3, 0, 0}, Slots.head(slot.phoneticStart(), 10));
    assertArrayEquals(new int[] {0, 1, 4, 5, 6, 0, 2, 3, 0, 0}, Slots.head(slot.phoneticEnd(), 10));
    assertArrayEquals(new int[] {5, 3}, Slots.head(slot.lengths(), 2));
    assertArrayEquals(new int[] {7, 4}, Slots.head(slot.phoneticLengths(), 2));
    assertArrayEquals(new int[] {40, 41}, Slots.head(slot.labels(), 2));
    assertEquals(777_777, slot.contextual().get(10), "nothing beyond the shape");
  }

  @Test
  void singleBatchHasNoPhoneticPart() {
    Shape shape = write(corpus().single(UnitStream.PHONETIC));
    assertEquals(List.of(0, 2, 7, 0), sizes(shape));
    assertArrayEquals(
        new int[] {5, 0, 1, 2, 3, 4, 6, 5, 2, 1, 6, 8, 8, 8}, Slots.head(slot.contextual(), 14));
    assertEquals(777_777, slot.phonetic().get(0));
  }

  @Test
  void windowTakesItsOwnPhoneticUnits() {
    BatchWriter writer = new BatchWriter(new UnitIds(10, 5));
    Window window = new Window(0, 1, 3);
    assertEquals(6, window.phoneticUnits(LONG));
    writer.begin(slot, 1, window.positions(), 6);
    writer.put(0, LONG, window, 0);
    assertArrayEquals(new int[] {10, 8, 9, 11}, Slots.head(slot.contextual(), 4));
    assertArrayEquals(new int[] {5, 1, 2, 3, 4, 5}, Slots.head(slot.phonetic(), 6));
    assertArrayEquals(new int[] {0, 1, 4, 5}, Slots.head(slot.phoneticStart(), 4));
    assertArrayEquals(new int[] {0, 3, 4, 5}, Slots.head(slot.phoneticEnd(), 4));
  }

  private Shape write(Corpus corpus) {
    List<Window> windows = Window.cut(corpus, ToyModel.dual());
    UnitIds ids = new UnitIds(corpus.contextual().vocabulary(), corpus.phoneticVocabulary());
    return new BatchWriter(ids).write(slot, corpus, windows, window -> 40 + window.utterance());
  }

  private static Corpus corpus() {
    return Corpus.of(
        Toy.corpusStream("coarse", 10, 2, 80),
        Toy.corpusStream("fine", 5, 2, 20),
        List.of(LONG, SHORT));
  }

  private static List<Integer> sizes(Shape shape) {
    return List.of(shape.slot(), shape.rows(), shape.tokens(), shape.phoneticUnits());
  }
}
