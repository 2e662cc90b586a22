package org.duovox.model.batch;

import java.nio.IntBuffer;
import org.duovox.internal.NativeRing.Shape;
import org.duovox.internal.NativeRing.Slot;
import org.duovox.model.UnitIds;
import org.duovox.units.corpus.UnitUtterance;

/// Writes utterances into a slot of the ring, as duovox.h describes: CLS, tokens, SEP, PAD, and
/// their phonetic units.
///
/// CLS and SEP have one phonetic PAD unit each, the first and the last of the row. For one thread.
public final class BatchWriter {
  private final UnitIds ids;
  private Slot slot;
  private int rows;
  private int tokens;
  private int units;

  public BatchWriter(UnitIds ids) {
    this.ids = ids;
  }

  /// Starts a batch of `batchRows` x `batchTokens` positions and `batchUnits` phonetic units per
  /// row: all of it padding, without targets.
  public void begin(Slot target, int batchRows, int batchTokens, int batchUnits) {
    slot = target;
    rows = batchRows;
    tokens = batchTokens;
    units = ids.bothStreams() ? batchUnits : 0;
    fill(slot.contextual(), rows * tokens, ids.pad());
    fill(slot.targets(), rows * tokens, -1);
    fill(slot.labels(), rows, 0);
    if (ids.bothStreams()) {
      fill(slot.phonetic(), rows * units, ids.phoneticPad());
      fill(slot.phoneticStart(), rows * tokens, 0);
      fill(slot.phoneticEnd(), rows * tokens, 0);
    }
  }

  /// Writes one window of an utterance into a row.
  public void put(int row, UnitUtterance utterance, Window window, int label) {
    int count = window.to() - window.from();
    int at = row * tokens;
    slot.contextual().put(at, ids.cls());
    slot.contextual().put(at + 1, utterance.contextual(), window.from(), count);
    slot.contextual().put(at + 1 + count, ids.sep());
    slot.lengths().put(row, window.positions());
    slot.labels().put(row, label);
    if (ids.bothStreams()) {
      putPhonetic(row, utterance, window);
    }
  }

  /// The shape of the finished batch.
  public Shape shape() {
    return new Shape(slot.index(), rows, tokens, units);
  }

  private void putPhonetic(int row, UnitUtterance utterance, Window window) {
    int first = utterance.start()[window.from()];
    int count = utterance.end()[window.to() - 1] - first + 1;
    // The row's unit 0 is that of CLS, so the first real unit has index 1.
    slot.phonetic().put(row * units + 1, utterance.phonetic(), first, count);
    int at = row * tokens + 1;
    for (int t = window.from(); t < window.to(); t++, at++) {
      slot.phoneticStart().put(at, utterance.start()[t] - first + 1);
      slot.phoneticEnd().put(at, utterance.end()[t] - first + 1);
    }
    slot.phoneticStart().put(at, count + 1);
    slot.phoneticEnd().put(at, count + 1);
    slot.phoneticLengths().put(row, count + Window.ENDS);
  }

  private static void fill(IntBuffer buffer, int count, int value) {
    for (int i = 0; i < count; i++) {
      buffer.put(i, value);
    }
  }
}
