package org.duovox.model.batch;

import java.util.List;
import java.util.function.ToIntFunction;
import org.duovox.internal.NativeRing;
import org.duovox.units.corpus.Corpus;

/// Room that batches need in a ring, and the way a list of windows is written into one of its
/// slots.
///
/// @param rows most windows of a batch
/// @param tokens most B x T
/// @param phoneticUnits most B x P, 0 for a single stream
public record BatchSizes(int rows, long tokens, long phoneticUnits) {

  /// What the largest of these batches needs.
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

  /// What any batch of at most `rows` of these windows and at most `budget` real positions (a
  /// longer window is a batch alone) can need; a budget of 0 is none.
  public static BatchSizes atMost(Corpus corpus, List<Window> windows, int rows, long budget) {
    int longest = longest(windows);
    int shortest = windows.stream().mapToInt(Window::positions).min().orElse(1);
    int most = Math.min(rows, windows.size());
    long limit = budget == 0 ? (long) most * longest : budget;
    long tokens = longest;
    int widest = 1;
    for (int width = shortest; width <= longest; width++) {
      // One row of this width, the rest of the budget filled with the shortest there is.
      int beside = (int) Math.min(most, 1 + Math.max(0, limit - width) / shortest);
      tokens = Math.max(tokens, (long) beside * width);
      widest = Math.max(widest, beside);
    }
    return new BatchSizes(widest, tokens, (long) widest * mostUnits(corpus, windows));
  }

  /// What any batch of at most `rows` of these windows can need.
  public static BatchSizes atMost(Corpus corpus, List<Window> windows, int rows) {
    return atMost(corpus, windows, rows, 0);
  }

  /// Bytes of one slot with room for these batches: four numbers for each position and one for each
  /// phonetic unit, and the representations of every position.
  ///
  /// @param representations values of a position; 0 for none
  public long bytes(int representations) {
    return Integer.BYTES * (4 * tokens + phoneticUnits) + Float.BYTES * tokens * representations;
  }

  /// Writes windows of the corpus into a slot, one per row, as wide as the longest.
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
