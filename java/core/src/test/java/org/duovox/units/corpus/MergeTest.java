package org.duovox.units.corpus;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.duovox.units.Toy;
import org.duovox.units.UtteranceInfo;
import org.junit.jupiter.api.Test;

final class MergeTest {
  private static final UtteranceInfo INFO = new UtteranceInfo("a", 4, 5120, Map.of());

  @Test
  void repeatedCodesBecomeOneTokenAndUnitsCollapseWithinIt() {
    int[] contextual = {5, 5, 7, 5};
    int[] phonetic = {1, 1, 2, 2, 2, 3, 3, 3};
    UnitUtterance merged = merge(AlignConfig.defaults(), contextual, phonetic);
    assertArrayEquals(new int[] {5, 7, 5}, merged.contextual());
    assertArrayEquals(new int[] {2, 1, 1}, merged.durations());
    // Unit 2 ends the first token and unit 3 crosses the next border: both start again there.
    assertArrayEquals(new int[] {1, 2, 2, 3, 3}, merged.phonetic());
    assertArrayEquals(new int[] {0, 2, 4}, merged.start());
    assertArrayEquals(new int[] {1, 3, 4}, merged.end());
  }

  @Test
  void mergingIsOptionalPerStream() {
    int[] contextual = {5, 5, 7, 5};
    int[] phonetic = {1, 1, 2, 2, 2, 3, 3, 3};
    UnitUtterance frames = merge(new AlignConfig(false, true, false), contextual, phonetic);
    assertArrayEquals(contextual, frames.contextual());
    assertArrayEquals(new int[] {1, 2, 2, 3, 3}, frames.phonetic());
    assertArrayEquals(new int[] {1, 1, 1, 1}, frames.durations());
    UnitUtterance units = merge(new AlignConfig(true, false, false), contextual, phonetic);
    assertArrayEquals(phonetic, units.phonetic());
    assertArrayEquals(new int[] {0, 4, 6}, units.start());
    assertArrayEquals(new int[] {3, 5, 7}, units.end());
  }

  @Test
  void tokenWithoutAPhoneticFrameTakesTheNearestUnit() {
    Alignment alignment = new Alignment(Toy.stream("c", 20, 10), Toy.stream("p", 40, 20));
    Merge merge = new Merge(AlignConfig.defaults(), alignment);
    int[] owner = alignment.align("a", 4, 2).owner();
    assertArrayEquals(new int[] {1, 3}, owner);
    FrameAligner.AlignedFrames assigned =
        new FrameAligner.AlignedFrames(new int[] {8, 9}, owner, 0, 0, 0, 0);
    UnitUtterance merged = merge.merge(INFO, new int[] {1, 2, 3, 4}, assigned);
    assertArrayEquals(new int[] {8, 8, 9, 9}, merged.phonetic());
    assertArrayEquals(new int[] {0, 1, 2, 3}, merged.start());
    assertEquals(2, merge.borrowed());
  }

  @Test
  void collapseKeepsTheFirstOfEveryRun() {
    assertArrayEquals(new int[] {4, 1, 4}, Merge.collapse(new int[] {4, 4, 1, 4, 4}));
    assertArrayEquals(new int[0], Merge.collapse(new int[0]));
  }

  private static UnitUtterance merge(AlignConfig config, int[] contextual, int[] phonetic) {
    Alignment alignment = new Alignment(Toy.stream("c", 40, 20), Toy.stream("p", 20, 10));
    int[] owner = alignment.align("a", contextual.length, phonetic.length).owner();
    return new Merge(config, alignment)
        .merge(INFO, contextual, new FrameAligner.AlignedFrames(phonetic, owner, 0, 0, 0, 0));
  }
}
