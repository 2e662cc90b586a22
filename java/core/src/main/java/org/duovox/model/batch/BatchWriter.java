package org.duovox.model.batch;

import java.nio.IntBuffer;
import java.util.List;
import java.util.function.ToIntFunction;
import org.duovox.internal.NativeRing.Shape;
import org.duovox.internal.NativeRing.Slot;
import org.duovox.model.UnitIds;
import org.duovox.units.corpus.Corpus;
import org.duovox.units.corpus.UnitUtterance;

/// Writes utterances into a slot of the ring, as duovox.h describes: CLS, tokens, SEP, PAD, and
/// their phonetic units.
///
/// [Sizes] says how much room the slots need. CLS and SEP have one phonetic PAD unit each, the
/// first and the last of the row. For one thread.
public final class BatchWriter {
  /// The room that batches need in the slots of a ring.
  ///
  /// @param rows most windows of a batch
  /// @param tokens most B x T of a batch
  /// @param phoneticUnits most B x P of a batch; 0 for a single stream
  public record Sizes(int rows, long tokens, long phoneticUnits) {
    /// Returns the room that each of these batches fits into.
    public static Sizes of(Corpus corpus, List<List<Window>> batches) {
      int rows = 0;
      long tokens = 0;
      long units = 0;
      for (List<Window> batch : batches) {
        rows = Math.max(rows, batch.size());
        tokens = Math.max(tokens, (long) batch.size() * longest(batch));
        units = Math.max(units, (long) batch.size() * mostUnits(corpus, batch));
      }
      return new Sizes(rows, tokens, units);
    }

    /// Returns the room that any batch of at most `rows` of these windows fits into.
    ///
    /// @param budget most positions of a batch, padding excluded; a longer window is a batch alone;
    ///   0: no limit
    public static Sizes atMost(Corpus corpus, List<Window> windows, int rows, long budget) {
      int longest = longest(windows);
      int shortest = windows.stream().mapToInt(Window::positions).min().orElse(1);
      int limitOfRows = Math.min(rows, windows.size());
      long limit = budget == 0 ? (long) limitOfRows * longest : budget;
      long tokens = longest;
      int mostRows = 1;
      for (int width = shortest; width <= longest; width++) {
        // One row of this width; the shortest windows fill the rest of the budget.
        int count = (int) Math.min(limitOfRows, 1 + Math.max(0, limit - width) / shortest);
        tokens = Math.max(tokens, (long) count * width);
        mostRows = Math.max(mostRows, count);
      }
      return new Sizes(mostRows, tokens, (long) mostRows * mostUnits(corpus, windows));
    }

    /// Returns the bytes of one slot with this room: four numbers for each position, one for each
    /// phonetic unit, and the representations of every position.
    ///
    /// @param representations values of a position; 0 for none
    public long bytes(int representations) {
      return Integer.BYTES * (4 * tokens + phoneticUnits) + Float.BYTES * tokens * representations;
    }
  }

  private final UnitIds ids;
  private Slot slot;
  private int rows;
  private int tokens;
  private int units;

  public BatchWriter(UnitIds ids) {
    this.ids = ids;
  }

  /// Writes windows of the corpus into a slot, one in each row; rows are as wide as the longest.
  ///
  /// @return the shape of the batch, valid until the slot's next batch
  public Shape write(Slot target, Corpus corpus, List<Window> batch, ToIntFunction<Window> label) {
    begin(target, batch.size(), longest(batch), mostUnits(corpus, batch));
    for (int row = 0; row < batch.size(); row++) {
      Window window = batch.get(row);
      put(row, corpus.utterance(window.utterance()), window, label.applyAsInt(window));
    }
    return shape();
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

  /// Returns the shape of the finished batch.
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

  private static int longest(List<Window> batch) {
    int longest = 0;
    for (Window window : batch) {
      longest = Math.max(longest, window.positions());
    }
    return longest;
  }

  private static int mostUnits(Corpus corpus, List<Window> batch) {
    int most = 0;
    for (Window window : batch) {
      most = Math.max(most, window.phoneticUnits(corpus.utterance(window.utterance())));
    }
    return most;
  }
}
