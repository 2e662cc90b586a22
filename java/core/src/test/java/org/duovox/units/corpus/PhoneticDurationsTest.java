package org.duovox.units.corpus;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.List;
import java.util.Map;
import org.duovox.units.Toy;
import org.duovox.units.UnitStream;
import org.junit.jupiter.api.Test;

/// The durations of the phonetic view, which the corpus does not keep.
final class PhoneticDurationsTest {
  /// Tokens of 2 and 3 frames of 80 ms with 4 and 3 units of frames of 20 ms: 8 frames for four, 12
  /// for three.
  @Test
  void unitsShareTheTimeOfTheirToken() {
    assertArrayEquals(
        new int[] {2, 2, 2, 2, 4, 4, 4},
        durations(new int[] {2, 3}, new int[] {0, 1, 2, 3, 4, 5, 6}, new int[] {0, 4}));
  }

  @Test
  void equalNeighborsAreOne() {
    assertArrayEquals(
        new int[] {2, 2, 2, 6, 4, 4},
        durations(new int[] {2, 3}, new int[] {0, 1, 2, 3, 3, 5, 6}, new int[] {0, 4}));
  }

  /// A token of 4 frames with seven units: ends at 4/7, 8/7, ... frames are rounded, but none is
  /// empty.
  @Test
  void nothingLastsLessThanAFrame() {
    assertArrayEquals(
        new int[] {1, 1, 1, 1, 1, 1, 1},
        durations(new int[] {1}, new int[] {0, 1, 2, 3, 4, 5, 6}, new int[] {0}));
  }

  private static int[] durations(int[] frames, int[] phonetic, int[] start) {
    int[] end = new int[start.length];
    for (int t = 0; t < start.length; t++) {
      end[t] = (t + 1 < start.length ? start[t + 1] : phonetic.length) - 1;
    }
    UnitUtterance utterance =
        new UnitUtterance(
            "u", new int[start.length], frames, phonetic, start, end, 16_000, Map.of());
    return Corpus.of(
            Toy.corpusStream("coarse", 9, 2, 80),
            Toy.corpusStream("fine", 7, 2, 20),
            List.of(utterance))
        .single(UnitStream.PHONETIC)
        .utterance(0)
        .durations();
  }
}
