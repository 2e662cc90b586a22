package org.duovox.model.batch;

import java.util.List;
import java.util.function.ToIntFunction;
import org.duovox.internal.NativeRing;
import org.duovox.units.corpus.Corpus;

/// The room that batches need in the slots of a ring; also writes batches of windows into slots.
///
/// @param rows most windows of a batch
/// @param tokens most B x T of a batch
/// @param phoneticUnits most B x P of a batch; 0 for a single stream
public record BatchSizes(int rows, long tokens, long phoneticUnits) {

  /// Returns the room that each of these batches fits into.
  public static BatchSizes of(Corpus corpus, List<List<Window>> batches) {
    int rows = 0;
    long tokens = 0;
    long units = 0;
    for (List<Window> batch : batches) {
      rows = Math.max(rows, batch.size());
      tokens = Math.max(tokens, (long) batch.size() * longest(batch));
      units = Math.max(units, (long) batch.size() * mostUnits(corpus, batch));
    }
    return new BatchSizes(rows, tokens, units);
  }

  /// Returns the room that any batch of at most `rows` of these windows fits into.
  ///
  /// @param budget most positions of a batch, padding excluded; a longer window is a batch alone;
  ///   0: no limit
  public static BatchSizes atMost(Corpus corpus, List<Window> windows, int rows, long budget) {
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
    return new BatchSizes(mostRows, tokens, (long) mostRows * mostUnits(corpus, windows));
  }

  /// The bytes of one slot with this room: four numbers for each position, one for each phonetic
  /// unit, and the representations of every position.
  ///
  /// @param representations values of a position; 0 for none
  public long bytes(int representations) {
    return Integer.BYTES * (4 * tokens + phoneticUnits) + Float.BYTES * tokens * representations;
  }

  /// Writes windows of the corpus into a slot, one in each row; rows are as wide as the longest.
  ///
  /// @return the shape of the batch, valid until the slot's next batch
  public NativeRing.Shape write(
      BatchWriter writer,
      NativeRing.Slot slot,
      Corpus corpus,
      List<Window> batch,
      ToIntFunction<Window> label) {
    writer.begin(slot, batch.size(), longest(batch), mostUnits(corpus, batch));
    for (int row = 0; row < batch.size(); row++) {
      Window window = batch.get(row);
      writer.put(row, corpus.utterance(window.utterance()), window, label.applyAsInt(window));
    }
    return writer.shape();
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
