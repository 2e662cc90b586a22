package org.duovox.train;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.duovox.model.Window;
import org.duovox.units.SplitMix;

/// Which windows form which batch in which order: a pure function of seed and epoch.
///
/// All windows are shuffled, cut into pools of [#POOL] batches, sorted by length within a pool, cut
/// into batches, and the batches shuffled: rows of a batch are about equally long, and no order is
/// fixed.
public final class BatchPlan {
  private static final int POOL = 16;

  private final List<Window> windows;
  private final int batchSize;
  private final long batchTokens;
  private final long seed;

  /// @param batchSize most windows of a batch
  /// @param batchTokens most positions of a batch, rows x longest; 0 = no limit; a longer window is
  ///   a batch alone
  /// @param seed of the order
  public BatchPlan(List<Window> windows, int batchSize, long batchTokens, long seed) {
    this.windows = List.copyOf(windows);
    this.batchSize = batchSize;
    this.batchTokens = batchTokens == 0 ? Long.MAX_VALUE : batchTokens;
    this.seed = seed;
  }

  /// The batches of an epoch.
  public List<List<Window>> epoch(long epoch) {
    SplitMix draws = SplitMix.of(seed, epoch);
    int[] order = java.util.stream.IntStream.range(0, windows.size()).toArray();
    draws.shuffle(order, order.length);
    List<List<Window>> batches = new ArrayList<>();
    for (int from = 0; from < order.length; from += POOL * batchSize) {
      List<Window> pool = new ArrayList<>();
      for (int i = from; i < Math.min(order.length, from + POOL * batchSize); i++) {
        pool.add(windows.get(order[i]));
      }
      cut(pool, batches);
    }
    int[] places = java.util.stream.IntStream.range(0, batches.size()).toArray();
    draws.shuffle(places, places.length);
    return java.util.Arrays.stream(places).mapToObj(batches::get).toList();
  }

  /// All windows in order, as validation reads them.
  public List<List<Window>> inOrder() {
    List<List<Window>> batches = new ArrayList<>();
    cut(new ArrayList<>(windows), batches);
    return batches;
  }

  private void cut(List<Window> pool, List<List<Window>> batches) {
    pool.sort(Comparator.comparingInt(Window::positions));
    List<Window> batch = new ArrayList<>();
    for (Window window : pool) {
      // Sorted, so this window would be the longest of the batch.
      long positions = (batch.size() + 1L) * window.positions();
      if (!batch.isEmpty() && (batch.size() == batchSize || positions > batchTokens)) {
        batches.add(List.copyOf(batch));
        batch.clear();
      }
      batch.add(window);
    }
    if (!batch.isEmpty()) {
      batches.add(List.copyOf(batch));
    }
  }
}
