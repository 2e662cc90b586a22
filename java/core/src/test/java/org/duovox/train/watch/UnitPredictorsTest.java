package org.duovox.train.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.duovox.internal.Device;
import org.duovox.internal.NativeRing;
import org.duovox.internal.NativeRing.Shape;
import org.duovox.internal.NativeRing.Slot;
import org.duovox.model.UnitIds;
import org.duovox.model.batch.BatchWriter;
import org.duovox.model.batch.Window;
import org.duovox.train.data.Masking;
import org.duovox.train.watch.UnitPredictors.Accuracies;
import org.duovox.units.SplitMix;
import org.duovox.units.Toy;
import org.duovox.units.corpus.Corpus;
import org.duovox.units.corpus.UnitUtterance;
import org.junit.jupiter.api.Test;

final class UnitPredictorsTest {
  private static final int CODES = 6;
  private static final UnitIds IDS = new UnitIds(CODES, 7);

  @Test
  void hiddenTargetsArePredictedByTheirNeighbors() {
    // 0 1 2 comes twice, 3 1 4 once: between 0 and 2 there is always a 1, after 3 a 1, and the
    // most frequent code is 1.
    Corpus training = corpus(new int[] {0, 1, 2, 0, 5, 2, 0, 1, 2}, new int[] {3, 1, 4});
    try (NativeRing ring = new NativeRing(1, 4, 40, 80, Device.CPU)) {
      Slot slot = ring.slots().getFirst();
      UnitPredictors predictors = new UnitPredictors(training, IDS);
      Shape shape = write(slot, corpus(new int[] {0, 1, 2}, new int[] {2, 0, 1, 4}));
      hide(slot, shape, 0, 2, IDS.mask()); // 0 _ 2: 1, by both
      hide(slot, shape, 1, 2, IDS.mask()); // 2 _ 1: 0, by both sides; after 2 comes 0 too
      hide(slot, shape, 1, 4, 4); // visible: taken as it is
      predictors.see(slot, shape);
      Accuracies found = predictors.accuracies();
      assertEquals(3, found.targets());
      assertEquals(2, found.hidden());
      assertEquals(2 / 3.0, found.unigram(), 1e-12);
      assertEquals(1, found.bothSides(), 1e-12);
      assertEquals(0.5, found.unigramHidden(), 1e-12);
      assertEquals(1, found.bothSidesHidden(), 1e-12);
    }
  }

  @Test
  void randomCodeInPlaceOfATargetMisleads() {
    try (NativeRing ring = new NativeRing(1, 4, 40, 80, Device.CPU)) {
      Slot slot = ring.slots().getFirst();
      UnitPredictors predictors = new UnitPredictors(corpus(new int[] {0, 1, 2}), IDS);
      Shape shape = write(slot, corpus(new int[] {0, 1, 2}));
      hide(slot, shape, 0, 2, 5);
      predictors.see(slot, shape);
      assertEquals(0, predictors.accuracies().bothSides());
      assertEquals(0, predictors.accuracies().hidden());
    }
  }

  /// Against the definition, over all codes and by brute force.
  @Test
  void bigramsMaximizeTheProductOfBothSides() {
    SplitMix draws = SplitMix.of(5);
    List<int[]> rows = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      rows.add(walk(draws));
    }
    Corpus training = corpus(rows.toArray(int[][]::new));
    Corpus held = corpus(walk(draws), walk(draws), walk(draws), walk(draws));
    try (NativeRing ring = new NativeRing(1, 4, 80, 160, Device.CPU)) {
      Slot slot = ring.slots().getFirst();
      Shape shape = write(slot, held);
      Masking masking =
          new Masking(new Masking.Config(0.4, 0, 0, 1, 0, false), training, IDS, 40, 3);
      for (int row = 0; row < shape.rows(); row++) {
        masking.apply(slot, shape, row, -1, row);
      }
      UnitPredictors predictors = new UnitPredictors(training, IDS);
      predictors.see(slot, shape);
      Accuracies found = predictors.accuracies();
      assertTrue(found.hidden() > 10, "only " + found.hidden());
      int both = bruteForce(training, slot, shape, true);
      assertEquals(both, found.bothSides() * found.targets(), 1e-9);
      int before = bruteForce(training, slot, shape, false);
      assertEquals(before, found.bigram() * found.targets(), 1e-9);
    }
  }

  private static int bruteForce(Corpus training, Slot slot, Shape shape, boolean bothSides) {
    Map<Integer, Integer> pairs = new HashMap<>();
    int[] counts = new int[CODES + 1];
    int total = 0;
    for (UnitUtterance utterance : training.utterances()) {
      int left = CODES;
      counts[CODES]++;
      for (int unit : utterance.contextual()) {
        pairs.merge(left * 100 + unit, 1, Integer::sum);
        counts[unit]++;
        total++;
        left = unit;
      }
      pairs.merge(left * 100 + CODES, 1, Integer::sum);
    }
    int right = 0;
    for (int row = 0; row < shape.rows(); row++) {
      for (int t = 1; t < slot.lengths().get(row) - 1; t++) {
        int at = row * shape.tokens() + t;
        if (slot.targets().get(at) >= 0) {
          int before = slot.contextual().get(at - 1);
          int after = slot.contextual().get(at + 1);
          int best = 0;
          double most = -1;
          for (int x = 0; x < CODES; x++) {
            double score = (counts[x] + 1.0) / (total + CODES);
            if (before != IDS.mask()) {
              int left = Math.min(before, CODES);
              score = (pairs.getOrDefault(left * 100 + x, 0) + score) / (counts[left] + 1.0);
            }
            if (bothSides && after != IDS.mask()) {
              int next = Math.min(after, CODES);
              double prior =
                  next == CODES
                      ? counts[CODES] / (double) (total + counts[CODES])
                      : (counts[next] + 1.0) / (total + CODES);
              score *= (pairs.getOrDefault(x * 100 + next, 0) + prior) / (counts[x] + 1.0);
            }
            if (score > most) {
              most = score;
              best = x;
            }
          }
          right += best == slot.targets().get(at) ? 1 : 0;
        }
      }
    }
    return right;
  }

  /// A walk that prefers one next code.
  private static int[] walk(SplitMix draws) {
    int[] units = new int[18];
    for (int t = 1; t < units.length; t++) {
      int step = draws.nextDouble() < 0.6 ? 1 : 1 + draws.nextInt(CODES - 1);
      units[t] = (units[t - 1] + step) % CODES;
    }
    return units;
  }

  private static void hide(Slot slot, Shape shape, int row, int t, int seen) {
    int at = row * shape.tokens() + t;
    slot.targets().put(at, slot.contextual().get(at));
    slot.contextual().put(at, seen);
  }

  private static Shape write(Slot slot, Corpus corpus) {
    BatchWriter writer = new BatchWriter(IDS);
    writer.begin(slot, corpus.size(), 20, 40);
    for (int i = 0; i < corpus.size(); i++) {
      Window window = new Window(i, 0, corpus.utterance(i).tokens());
      writer.put(i, corpus.utterance(i), window, 0);
    }
    return writer.shape();
  }

  private static Corpus corpus(int[]... rows) {
    List<UnitUtterance> utterances = new ArrayList<>();
    for (int[] row : rows) {
      utterances.add(Toy.utterance("u" + utterances.size(), row, 7, Map.of()));
    }
    return Corpus.of(
        Toy.corpusStream("coarse", CODES, 6, 80), Toy.corpusStream("fine", 7, 4, 20), utterances);
  }
}
