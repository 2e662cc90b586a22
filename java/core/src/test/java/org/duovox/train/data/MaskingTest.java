package org.duovox.train.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.duovox.internal.NativeRing.Shape;
import org.duovox.internal.NativeRing.Slot;
import org.duovox.model.Slots;
import org.duovox.model.UnitIds;
import org.duovox.model.batch.BatchWriter;
import org.duovox.model.batch.Window;
import org.duovox.units.SplitMix;
import org.duovox.units.Toy;
import org.duovox.units.corpus.Corpus;
import org.duovox.units.corpus.UnitUtterance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MaskingTest {
  private static final UnitIds IDS = new UnitIds(50, 20);
  private static final int TOKENS = 98;
  private static final Corpus CORPUS = Toy.corpus(1, 50, 20);

  private final Slot slot = Slots.heap();

  // Python: round(0.15 * n) for n tokens, CLS and SEP included; 0.15 * 10 = 1.5, 0.15 * 30 = 4.5,
  // 0.15 * 50 = 7.5.
  @ParameterizedTest
  @CsvSource({"3,1", "4,1", "9,1", "10,2", "11,2", "30,4", "50,8", "100,15", "512,77"})
  void countIsRoundedHalfToEvenAndAtLeastOne(int length, int expected) {
    assertEquals(expected, Masking.count(0.15, length));
  }

  @Test
  void countNeverReachesClsAndSep() {
    assertEquals(1, Masking.count(1, 3));
    assertEquals(8, Masking.count(1, 10));
  }

  @Test
  void targetsHoldTheTruthAndSpecialsStay() {
    UnitUtterance utterance = utterance();
    Masking masking = masking(Masking.Config.defaults());
    for (int epoch = 0; epoch < 50; epoch++) {
      Shape shape = write(utterance);
      assertEquals(15, masking.apply(slot, shape, 0, epoch, 7));
      int[] ids = Slots.head(slot.contextual(), 100);
      int[] targets = Slots.head(slot.targets(), 100);
      assertEquals(IDS.cls(), ids[0]);
      assertEquals(IDS.sep(), ids[99]);
      assertEquals(-1, targets[0]);
      assertEquals(-1, targets[99]);
      int count = 0;
      for (int t = 1; t < 99; t++) {
        boolean target = targets[t] >= 0;
        count += target ? 1 : 0;
        assertEquals(target ? targets[t] : ids[t], utterance.contextual()[t - 1]);
        assertTrue(ids[t] == utterance.contextual()[t - 1] || (target && ids[t] == IDS.mask()));
      }
      assertEquals(15, count);
    }
  }

  @Test
  void everyPositionIsDrawnEvenlyAndFourFifthsAreHidden() {
    Masking masking = masking(Masking.Config.defaults());
    int[] drawn = new int[100];
    int hidden = 0;
    int epochs = 4000;
    for (int epoch = 0; epoch < epochs; epoch++) {
      masking.apply(slot, write(utterance()), 0, epoch, 3);
      for (int t = 1; t < 99; t++) {
        drawn[t] += slot.targets().get(t) >= 0 ? 1 : 0;
        hidden += slot.contextual().get(t) == IDS.mask() ? 1 : 0;
      }
    }
    double expected = epochs * 15.0 / 98;
    for (int t = 1; t < 99; t++) {
      // Five standard deviations of a binomial count.
      assertEquals(expected, drawn[t], 5 * Math.sqrt(expected), "position " + t);
    }
    assertEquals(0.8, hidden / (15.0 * epochs), 0.01);
  }

  @Test
  void masksAreAFunctionOfSeedEpochAndKey() {
    int[] first = targets(new Masking(Masking.Config.defaults(), CORPUS, IDS, 100, 1), 2, 3);
    assertArrayEquals(
        first, targets(new Masking(Masking.Config.defaults(), CORPUS, IDS, 100, 1), 2, 3));
    Masking used = new Masking(Masking.Config.defaults(), CORPUS, IDS, 100, 1);
    targets(used, 9, 9);
    assertArrayEquals(first, targets(used, 2, 3));
    assertNotEquals(text(first), text(targets(used, 2, 4)));
    assertNotEquals(text(first), text(targets(used, 3, 3)));
    Masking otherSeed = new Masking(Masking.Config.defaults(), CORPUS, IDS, 100, 2);
    assertNotEquals(text(first), text(targets(otherSeed, 2, 3)));
  }

  @Test
  void phoneticUnitsUnderAMaskAreHiddenOnlyWhenAsked() {
    Shape shape = write(utterance());
    int[] before = Slots.head(slot.phonetic(), shape.phoneticUnits());
    masking(Masking.Config.defaults()).apply(slot, shape, 0, 0, 0);
    assertArrayEquals(before, Slots.head(slot.phonetic(), shape.phoneticUnits()));
    shape = write(utterance());
    masking(new Masking.Config(0.15, 0.2, 0, 1, 0, true)).apply(slot, shape, 0, 0, 0);
    for (int t = 0; t < 100; t++) {
      boolean masked = slot.contextual().get(t) == IDS.mask();
      for (int i = slot.phoneticStart().get(t); i <= slot.phoneticEnd().get(t); i++) {
        assertEquals(masked ? IDS.phoneticMask() : before[i], slot.phonetic().get(i), "token " + t);
      }
    }
  }

  @Test
  void spansHaveTheCoverageOfTheRule() {
    // Length 1, deviation 0 would be single tokens; 10 spans of 5 on 98 tokens overlap by chance.
    Masking.Config spans = new Masking.Config(0.5, 0.1, 0.1, 5, 0, false);
    Masking masking = masking(spans);
    double covered = 0;
    for (int epoch = 0; epoch < 1000; epoch++) {
      covered += masking.apply(slot, write(utterance()), 0, epoch, 1);
    }
    // Starts without replacement: a token is missed when none of the five starts before it is
    // drawn.
    double missed = 1;
    for (int i = 0; i < 5; i++) {
      missed *= (98.0 - 10 - i) / (98 - i);
    }
    assertEquals(1 - missed, covered / 1000 / 98, 0.02);
  }

  @Test
  void shortestUtteranceHasATarget() {
    UnitUtterance one = Toy.utterance("one", new int[] {4}, 20, Map.of());
    for (Masking.Config config :
        new Masking.Config[] {
          Masking.Config.defaults(), new Masking.Config(0.15, 0.2, 0, 10, 10, true)
        }) {
      for (int epoch = 0; epoch < 100; epoch++) {
        assertEquals(1, masking(config).apply(slot, write(one), 0, epoch, 0));
        assertEquals(4, slot.targets().get(1));
      }
    }
  }

  @Test
  void unitNoiseHidesTheShareAskedFor() {
    UnitNoise noise = new UnitNoise(0.3, 0.1);
    int tokens = 0;
    int units = 0;
    int allUnits = 0;
    for (int i = 0; i < 500; i++) {
      Shape shape = write(utterance());
      noise.apply(slot, shape, 0, IDS, SplitMix.of(i));
      assertEquals(IDS.cls(), slot.contextual().get(0));
      assertEquals(IDS.phoneticPad(), slot.phonetic().get(0));
      allUnits += shape.phoneticUnits() - 2;
      for (int t = 0; t < 100; t++) {
        tokens += slot.contextual().get(t) == IDS.mask() ? 1 : 0;
      }
      for (int u = 0; u < shape.phoneticUnits(); u++) {
        units += slot.phonetic().get(u) == IDS.phoneticMask() ? 1 : 0;
      }
    }
    assertEquals(0.3, tokens / 49_000.0, 0.01);
    assertEquals(0.1, (double) units / allUnits, 0.01);
  }

  private static Masking masking(Masking.Config config) {
    return new Masking(config, CORPUS, IDS, 100, 100);
  }

  private int[] targets(Masking masking, int epoch, int key) {
    masking.apply(slot, write(utterance()), 0, epoch, key);
    return Slots.head(slot.targets(), 100);
  }

  private Shape write(UnitUtterance utterance) {
    BatchWriter writer = new BatchWriter(IDS);
    Window window = new Window(0, 0, utterance.tokens());
    writer.begin(slot, 1, window.positions(), window.phoneticUnits(utterance));
    writer.put(0, utterance, window, 0);
    return writer.shape();
  }

  private static UnitUtterance utterance() {
    int[] tokens = new int[TOKENS];
    for (int t = 0; t < TOKENS; t++) {
      tokens[t] = (7 * t) % 50;
    }
    return Toy.utterance("u", tokens, 20, Map.of());
  }

  private static String text(int[] values) {
    return java.util.Arrays.toString(values);
  }
}
