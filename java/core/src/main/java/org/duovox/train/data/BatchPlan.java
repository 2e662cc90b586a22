package org.duovox.train.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.duovox.model.batch.Window;
import org.duovox.units.SplitMix;

/// Decides which windows form which batch, and which batches a step reads: a pure function of seed,
/// epoch and step.
///
/// All windows are shuffled, cut into pools of [#POOL] batches, sorted by length within a pool, cut
/// into batches, and the batches shuffled: rows of a batch are about equally long, and no order is
/// fixed. A step reads `accumulation` batches as one; the last step of an epoch reads those that
/// are left, so that no step mixes two epochs.
public final class BatchPlan {
  /// Batches of one step: `first` to `first + count - 1` of an epoch.
  public record StepBatches(int epoch, int first, int count) {}

  private static final int POOL = 16;

  private final List<Window> windows;
  private final int batchSize;
  private final long batchTokens;
  private final long seed;
  private final Crops crops;

  /// A plan of whole windows.
  ///
  /// @param batchSize most windows of a batch
  /// @param batchTokens most positions of a batch, padding not counted, since it costs nothing; 0 =
  ///   no limit; a longer window is a batch alone
  /// @param seed of the order
  public BatchPlan(List<Window> windows, int batchSize, long batchTokens, long seed) {
    this(windows, batchSize, batchTokens, seed, Crops.NONE);
  }

  /// A plan of other crops of the windows in each epoch.
  BatchPlan(List<Window> windows, int batchSize, long batchTokens, long seed, Crops crops) {
    this.crops = crops;
    this.windows = List.copyOf(windows);
    this.batchSize = batchSize;
    this.batchTokens = batchTokens == 0 ? Long.MAX_VALUE : batchTokens;
    this.seed = seed;
  }

  /// Returns the batches of an epoch.
  public List<List<Window>> epoch(long epoch) {
    SplitMix draws = SplitMix.of(seed, epoch);
    int[] order = IntStream.range(0, windows.size()).toArray();
    draws.shuffle(order, order.length);
    List<List<Window>> batches = new ArrayList<>();
    for (int from = 0; from < order.length; from += pool()) {
      List<Window> pool = new ArrayList<>();
      for (int i = from; i < Math.min(order.length, from + pool()); i++) {
        pool.add(crops.draw(epoch, windows.get(order[i])));
      }
      cut(pool, batches);
    }
    int[] places = IntStream.range(0, batches.size()).toArray();
    draws.shuffle(places, places.length);
    return Arrays.stream(places).mapToObj(batches::get).toList();
  }

  /// Returns the number of an epoch's batches, without making them.
  public int count(long epoch) {
    if (batchTokens == Long.MAX_VALUE) {
      return Math.ceilDiv(windows.size(), batchSize); // Pools hold whole batches but the last.
    }
    int[] order = IntStream.range(0, windows.size()).toArray();
    SplitMix.of(seed, epoch).shuffle(order, order.length);
    for (int i = 0; i < order.length; i++) {
      order[i] = crops.positions(windows.get(order[i]));
    }
    int batches = 0;
    int pool = pool();
    for (int from = 0; from < order.length; from += pool) {
      int to = Math.min(order.length, from + pool);
      Arrays.sort(order, from, to);
      batches += count(order, from, to);
    }
    return batches;
  }

  private int count(int[] positions, int from, int to) {
    int batches = 1;
    int rows = 0;
    long sum = 0;
    for (int i = from; i < to; i++) {
      if (rows > 0 && isFull(rows, sum + positions[i])) {
        batches++;
        rows = 0;
        sum = 0;
      }
      rows++;
      sum += positions[i];
    }
    return batches;
  }

  /// Returns the steps of the first `epochs` epochs.
  public long steps(int epochs, int accumulation) {
    long steps = 0;
    for (int epoch = 0; epoch < epochs; epoch++) {
      steps += stepsOf(epoch, accumulation);
    }
    return steps;
  }

  /// Returns the batches of a step, which counts from 1; walks over the epochs before it.
  public StepBatches batchesOf(long step, int accumulation) {
    long left = step - 1;
    int epoch = 0;
    while (left >= stepsOf(epoch, accumulation)) {
      left -= stepsOf(epoch, accumulation);
      epoch++;
    }
    int first = Math.toIntExact(left * accumulation);
    return new StepBatches(epoch, first, Math.min(accumulation, count(epoch) - first));
  }

  private long stepsOf(long epoch, int accumulation) {
    return Math.ceilDiv(count(epoch), accumulation);
  }

  private int pool() {
    return Math.min(windows.size(), POOL * batchSize); // At most 16 x 65,536: no overflow.
  }

  private boolean isFull(int rows, long positionsWithNext) {
    return rows == batchSize || positionsWithNext > batchTokens;
  }

  /// Returns all windows sorted by length and cut into batches, as a validation reads them.
  public List<List<Window>> inOrder() {
    List<List<Window>> batches = new ArrayList<>();
    cut(new ArrayList<>(windows), batches);
    return batches;
  }

  private void cut(List<Window> pool, List<List<Window>> batches) {
    pool.sort(Comparator.comparingInt(Window::positions));
    List<Window> batch = new ArrayList<>();
    long positions = 0;
    for (Window window : pool) {
      if (!batch.isEmpty() && isFull(batch.size(), positions + window.positions())) {
        batches.add(List.copyOf(batch));
        batch.clear();
        positions = 0;
      }
      batch.add(window);
      positions += window.positions();
    }
    if (!batch.isEmpty()) {
      batches.add(List.copyOf(batch));
    }
  }
}
