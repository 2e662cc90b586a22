package org.duovox.units.corpus;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.duovox.DuovoxException;
import org.duovox.io.json.Json;
import org.duovox.units.Toy;
import org.duovox.units.corpus.AlignConfig.Edges;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class FrameAlignerTest {
  private static final AlignConfig PROTOTYPE = config(Edges.PROTOTYPE, 0, 0, 0);

  /// Every row of the prototype's table: how often each of the frames 0..n-1 occurs.
  @ParameterizedTest
  @CsvSource({
    "16, 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1, 0",
    "15, 1 1 1 1 1 1 1 1 1 1 1 1 1 1 2, 0",
    "14, 2 1 1 1 1 1 1 1 1 1 1 1 1 2, 0",
    "13, 2 1 1 1 1 1 1 1 1 1 1 1 3, 0",
    "12, 3 1 1 1 1 1 1 1 1 1 1 3, 0",
    "17, 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 0, 1",
    "20, 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 0 0 0 0, 4"
  })
  void prototypeRepeatsOrCutsEdges(int frames, String counts, int cut) {
    int[] units = IntStream.range(0, frames).toArray();
    FrameAligner.AlignedFrames aligned = aligner(40, 0, 10, 0, PROTOTYPE).align("a", 4, units);
    int[] expected = Arrays.stream(counts.split(" ")).mapToInt(Integer::parseInt).toArray();
    int[] found = new int[frames];
    Arrays.stream(aligned.units()).forEach(unit -> found[unit]++);
    assertArrayEquals(expected, found);
    assertArrayEquals(new int[] {0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3}, aligned.owner());
    assertTrue(isSorted(aligned.units()));
    assertEquals(cut, aligned.cut());
    assertEquals(Math.max(0, 16 - frames), aligned.before() + aligned.after());
  }

  @Test
  void prototypeToleratesAMissingTailFrameOfTheSecondPair() {
    FrameAligner.AlignedFrames aligned =
        aligner(40, 0, 20, 0, PROTOTYPE).align("a", 3, new int[] {4, 5, 6, 7, 8});
    assertArrayEquals(new int[] {4, 5, 6, 7, 8, 8}, aligned.units());
  }

  @Test
  void prototypeRejectsLargerGapsAndRatiosThatAreNotWhole() {
    FrameAligner aligner = aligner(40, 0, 10, 0, PROTOTYPE);
    assertEquals(true, aligner.rejection(4, 12).isEmpty());
    assertTrue(aligner.rejection(4, 11).orElseThrow().contains("5 phonetic frames are missing"));
    DuovoxException ratio =
        assertThrows(DuovoxException.class, () -> aligner(50, 0, 20, 0, PROTOTYPE));
    assertTrue(ratio.getMessage().contains("50.0 and 20.0"), ratio.getMessage());
  }

  /// Random intervals, offsets, shifts and jitters against a reference in decimal numbers that
  /// searches the span of every center.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void agreesWithASearchInDecimalNumbers(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      double coarse = decimal(random, 5, 120);
      double fine = decimal(random, 5, 60);
      double coarseOffset = decimal(random, -20, 60);
      double fineOffset = coarseOffset + decimal(random, -10, 10);
      int coarseFrames = 1 + random.nextInt(40);
      int fineFrames = Math.max(1, (int) Math.round(coarseFrames * coarse / fine));
      AlignConfig config =
          config(Edges.TIME, decimal(random, -200, 200), decimal(random, 0, 90), seed);
      FrameAligner aligner = aligner(coarse, coarseOffset, fine, fineOffset, config);
      String id = "u" + round;
      FrameAligner.AlignedFrames aligned = aligner.align(id, coarseFrames, new int[fineFrames]);
      BigDecimal shift = BigDecimal.valueOf(aligner.shift(id)).movePointLeft(9);
      for (int k = 0; k < fineFrames; k++) {
        BigDecimal center =
            shift
                .add(BigDecimal.valueOf(fineOffset))
                .add(BigDecimal.valueOf(fine).multiply(BigDecimal.valueOf(k)));
        assertEquals(
            owner(center, coarse, coarseOffset, coarseFrames), aligned.owner()[k], id + " " + k);
      }
    }
  }

  /// The span that holds a center, found by trying all; the outer ones reach on without end.
  private static int owner(BigDecimal center, double interval, double offset, int frames) {
    BigDecimal half = BigDecimal.valueOf(interval).divide(BigDecimal.valueOf(2));
    for (int i = 0; i < frames - 1; i++) {
      BigDecimal end =
          BigDecimal.valueOf(offset)
              .add(BigDecimal.valueOf(interval).multiply(BigDecimal.valueOf(i)))
              .add(half);
      if (center.compareTo(end) < 0) {
        return i;
      }
    }
    return frames - 1;
  }

  @ParameterizedTest
  @CsvSource({"50, 25, 20, 10", "80, 40, 20.02002002, 12.5", "20, 12.5, 50, 30"})
  void ratiosNeedNotBeWhole(double coarse, double coarseOffset, double fine, double fineOffset) {
    int frames = (int) (4000 / coarse);
    FrameAligner.AlignedFrames aligned =
        aligner(coarse, coarseOffset, fine, fineOffset, AlignConfig.defaults())
            .align("a", frames, new int[(int) (4000 / fine)]);
    assertTrue(isSorted(aligned.owner()));
    assertEquals(frames - 1, aligned.owner()[aligned.owner().length - 1], 1);
  }

  @Test
  void shiftMovesFramesToLaterOwnersAndDoesNotCountAsAGap() {
    AlignConfig shifted = config(Edges.TIME, 1000, 0, 0);
    FrameAligner.AlignedFrames aligned = aligner(80, 40, 20, 10, shifted).align("a", 2, new int[8]);
    assertArrayEquals(new int[] {1, 1, 1, 1, 1, 1, 1, 1}, aligned.owner());
    assertEquals(8, aligned.after());
    FrameAligner.AlignedFrames half =
        aligner(80, 40, 20, 10, config(Edges.TIME, 40, 0, 0)).align("a", 2, new int[8]);
    assertArrayEquals(new int[] {0, 0, 1, 1, 1, 1, 1, 1}, half.owner());
  }

  @Test
  void jitterDependsOnSeedAndIdAndStaysWithinItsBounds() {
    FrameAligner one = aligner(80, 40, 20, 10, config(Edges.TIME, 0, 30, 1));
    FrameAligner two = aligner(80, 40, 20, 10, config(Edges.TIME, 0, 30, 2));
    assertEquals(one.shift("a"), aligner(80, 40, 20, 10, config(Edges.TIME, 0, 30, 1)).shift("a"));
    assertNotEquals(one.shift("a"), two.shift("a"));
    assertNotEquals(one.shift("a"), one.shift("b"));
    long[] shifts = IntStream.range(0, 2000).mapToLong(i -> one.shift("u" + i)).toArray();
    assertTrue(Arrays.stream(shifts).allMatch(s -> Math.abs(s) <= 30_000_000_000L));
    assertEquals(0, Arrays.stream(shifts).average().orElseThrow(), 1.5e9);
    assertTrue(Arrays.stream(shifts).max().orElseThrow() > 29_000_000_000L);
  }

  @Test
  void impossibleSettingsAreRefused() {
    assertThrows(DuovoxException.class, () -> config(Edges.PROTOTYPE, 5, 0, 0));
    assertThrows(DuovoxException.class, () -> config(Edges.TIME, Double.NaN, 0, 0));
    assertThrows(DuovoxException.class, () -> config(Edges.TIME, 0, -1, 0));
    assertThrows(DuovoxException.class, () -> config(Edges.TIME, 1e6, 0, 0));
  }

  @Test
  void manifestsOfEarlierVersionsHaveTheDefaults() {
    String old =
        "{\"merge_contextual\": true, \"merge_phonetic\": true, \"skip_unmatched\": false}";
    assertEquals(AlignConfig.defaults(), Json.parse(old, AlignConfig.class, "manifest"));
    AlignConfig config = config(Edges.TIME, 1.5, 2, 3);
    assertEquals(config, Json.parse(Json.line(config), AlignConfig.class, "manifest"));
  }

  private static AlignConfig config(Edges edges, double shift, double jitter, long seed) {
    return new AlignConfig(true, true, false, edges, shift, jitter, seed);
  }

  private static FrameAligner aligner(
      double coarse, double offset, double fine, double fineOffset, AlignConfig config) {
    return new FrameAligner(
        Toy.stream("c", coarse, offset), Toy.stream("p", fine, fineOffset), config);
  }

  private static double decimal(Random random, double low, double high) {
    return BigDecimal.valueOf(low + random.nextDouble() * (high - low))
        .setScale(random.nextInt(5), RoundingMode.HALF_UP)
        .doubleValue();
  }

  private static boolean isSorted(int[] values) {
    return IntStream.range(1, values.length).allMatch(k -> values[k] >= values[k - 1]);
  }
}
