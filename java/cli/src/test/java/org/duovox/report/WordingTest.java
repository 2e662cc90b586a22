package org.duovox.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.duovox.units.CodebookUse;
import org.junit.jupiter.api.Test;

class WordingTest {
  @Test
  void speaksOfTimeBytesAndCounts() {
    assertEquals("850 ms", Wording.duration(0.85));
    assertEquals("12.3 s", Wording.duration(12.34));
    assertEquals("4 min 05 s", Wording.duration(245));
    assertEquals("2 h 03 min", Wording.duration(7380));
    assertEquals("999 B", Wording.bytes(999));
    assertEquals("1.5 kB", Wording.bytes(1500));
    assertEquals("72.8 GB", Wording.bytes(72_800_000_000L));
    assertEquals("1 utterance", Wording.count(1, "utterance"));
    assertEquals("1,234 utterances", Wording.count(1234, "utterance"));
  }

  @Test
  void manyNamesAreCutShort() {
    List<String> names = IntStream.range(0, 12).mapToObj(Integer::toString).toList();
    assertEquals("0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 2 more", Wording.firstTen(names));
  }

  @Test
  void aCodebookThatTellsNothingApartIsFound() {
    CodebookUse.Counter even = new CodebookUse.Counter(20);
    even.add(IntStream.range(0, 2000).map(i -> i % 20).toArray());
    assertFalse(even.use().isNarrow());
    CodebookUse.Counter one = new CodebookUse.Counter(20);
    one.add(IntStream.range(0, 2000).map(i -> i % 20 < 15 ? 0 : i % 20).toArray());
    assertTrue(one.use().isNarrow());
  }
}
