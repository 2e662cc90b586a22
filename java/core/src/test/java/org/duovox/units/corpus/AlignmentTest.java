package org.duovox.units.corpus;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.stream.IntStream;
import org.duovox.DuovoxException;
import org.duovox.units.Toy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AlignmentTest {
  @Test
  void integerRatioGivesEqualGroups() {
    // Centers of the coarse frames at 40, 120 ms, of the fine ones at 10, 30, 50, ... ms.
    Alignment.Owners owners = align(80, 40, 2, 20, 10, 8);
    assertArrayEquals(new int[] {0, 0, 0, 0, 1, 1, 1, 1}, owners.owner());
    assertEquals(0, owners.before() + owners.after());
  }

  @Test
  void centerOnABorderBelongsToTheLaterFrame() {
    // Spans [-40, 40) and [40, 120): the fine frame at 40 ms is on the border.
    Alignment.Owners owners = align(80, 0, 2, 20, 0, 6);
    assertArrayEquals(new int[] {0, 0, 1, 1, 1, 1}, owners.owner());
  }

  @Test
  void framesBeyondTheEdgesBelongToTheOuterFramesAndAreCounted() {
    // Spans [40, 120) and [120, 200) against fine centers 0, 20, ..., 220.
    Alignment.Owners owners = align(80, 80, 2, 20, 0, 12);
    assertArrayEquals(new int[] {0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1}, owners.owner());
    assertEquals(2, owners.before());
    assertEquals(2, owners.after());
  }

  @Test
  void fineStreamMayBeTheCoarserOne() {
    Alignment.Owners owners = align(20, 10, 8, 80, 40, 2);
    assertArrayEquals(new int[] {2, 6}, owners.owner());
  }

  @ParameterizedTest
  @CsvSource({"80,-2.5,20,7.5", "50,25,20,10", "80,0,20.02002002,12.5125", "33.3,1.7,9.9,-0.3"})
  void agreesWithDecimalArithmeticOverHours(
      double coarse, double offset, double fine, double fineOffset) {
    int fineFrames = 500_000;
    int coarseFrames = (int) (fineFrames * fine / coarse);
    Alignment.Owners owners = align(coarse, offset, coarseFrames, fine, fineOffset, fineFrames);
    BigDecimal interval = BigDecimal.valueOf(coarse);
    for (int k = 0; k < fineFrames; k += 997) {
      BigDecimal center =
          BigDecimal.valueOf(fineOffset)
              .add(BigDecimal.valueOf(fine).multiply(BigDecimal.valueOf(k)));
      BigDecimal fromStart =
          center.subtract(BigDecimal.valueOf(offset)).add(interval.divide(BigDecimal.valueOf(2)));
      long frame = fromStart.divide(interval, 0, RoundingMode.FLOOR).longValueExact();
      assertEquals(Math.clamp(frame, 0, coarseFrames - 1), owners.owner()[k], "frame " + k);
    }
  }

  @Test
  void gapBeyondTwoContextualFramesIsRefused() {
    align(80, 40, 2, 20, 10, 16);
    DuovoxException end = assertThrows(DuovoxException.class, () -> align(80, 40, 2, 20, 10, 17));
    assertTrue(end.getMessage().contains("end 180.0 ms apart"), end.getMessage());
    assertThrows(DuovoxException.class, () -> align(80, 40, 20, 20, 10, 71));
    assertThrows(DuovoxException.class, () -> align(80, 240, 2, 20, 10, 16));
    assertThrows(DuovoxException.class, () -> align(80, 40, 0, 20, 10, 3));
  }

  @Test
  void nearestFrameTakesTheEarlierOfTwo() {
    Alignment alignment = new Alignment(Toy.stream("c", 20, 10), Toy.stream("p", 80, 40));
    // Fine centers 40, 120 ms; coarse frame k at 10 + 20 k ms.
    assertEquals(0, alignment.nearest(0, 0, 2, 0));
    assertEquals(0, alignment.nearest(3, 4, 2, 0), "80 ms is as far from 40 as from 120");
    assertEquals(1, alignment.nearest(4, 4, 2, 0));
    assertEquals(1, alignment.nearest(40, 40, 2, 0), "clamped");
  }

  @Test
  void ownersNeverFall() {
    int[] owner = align(50, 3.3, 40, 12.7, -1.1, 157).owner();
    assertTrue(IntStream.range(1, owner.length).allMatch(k -> owner[k] >= owner[k - 1]));
  }

  private static Alignment.Owners align(
      double coarse, double offset, int frames, double fine, double fineOffset, int fineFrames) {
    return new Alignment(Toy.stream("c", coarse, offset), Toy.stream("p", fine, fineOffset))
        .align("utterance", frames, fineFrames);
  }
}
