package org.duovox.train.data;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.duovox.internal.NativeRing.Shape;
import org.duovox.internal.NativeRing.Slot;
import org.duovox.model.Slots;
import org.duovox.model.UnitIds;
import org.duovox.model.batch.BatchWriter;
import org.duovox.model.batch.Window;
import org.duovox.speech.ReceptiveField;
import org.duovox.units.Toy;
import org.duovox.units.corpus.Corpus;
import org.duovox.units.corpus.UnitUtterance;

/// One utterance as a row of a heap slot: every contextual frame lasts 80 ms, and every token has
/// four phonetic units.
final class Rows {
  static final UnitIds IDS = new UnitIds(50, 20);
  static final double FRAME_MS = 80;
  private static final int UNITS = 4;

  final Slot slot = Slots.heap();
  final UnitUtterance utterance;
  final Window window;
  Shape shape;

  /// @param durations frames of each token
  Rows(int... durations) {
    int tokens = durations.length;
    this.utterance =
        new UnitUtterance(
            "u",
            IntStream.range(0, tokens).map(t -> (7 * t) % 50).toArray(),
            durations,
            IntStream.range(0, UNITS * tokens).map(i -> i % 20).toArray(),
            IntStream.range(0, tokens).map(t -> UNITS * t).toArray(),
            IntStream.range(0, tokens).map(t -> UNITS * t + UNITS - 1).toArray(),
            16_000,
            Map.of());
    this.window = new Window(0, 0, tokens);
    write();
  }

  /// A row of so many tokens of one frame.
  static Rows even(int tokens) {
    int[] durations = new int[tokens];
    Arrays.fill(durations, 1);
    return new Rows(durations);
  }

  /// Writes the row as it is without masks.
  void write() {
    BatchWriter writer = new BatchWriter(IDS);
    writer.begin(slot, 1, window.positions(), window.phoneticUnits(utterance));
    writer.put(0, utterance, window, 0);
    shape = writer.shape();
  }

  Corpus corpus(ReceptiveField contextual, ReceptiveField phonetic) {
    return Toy.seeing(
        Corpus.of(
            Toy.corpusStream("coarse", 50, 6, FRAME_MS),
            Toy.corpusStream("fine", 20, 4, 20),
            List.of(utterance)),
        contextual,
        phonetic);
  }

  boolean isTarget(int position) {
    return slot.targets().get(position) >= 0;
  }

  boolean isMasked(int position) {
    return slot.contextual().get(position) == IDS.mask();
  }

  /// Makes a token a target that shows this code.
  void target(int position, int shown) {
    slot.targets().put(position, slot.contextual().get(position));
    slot.contextual().put(position, shown);
  }

  /// Returns the indices of hidden phonetic units, counted without that of CLS.
  int[] hiddenUnits() {
    return IntStream.range(1, shape.phoneticUnits() - 1)
        .filter(i -> slot.phonetic().get(i) == IDS.phoneticMask())
        .map(i -> i - 1)
        .toArray();
  }

  /// Hides the phonetic units of tokens `from` to `to`.
  void hideUnits(int from, int to) {
    for (int i = slot.phoneticStart().get(from); i <= slot.phoneticEnd().get(to); i++) {
      slot.phonetic().put(i, IDS.phoneticMask());
    }
  }
}
