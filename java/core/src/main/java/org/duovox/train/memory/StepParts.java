package org.duovox.train.memory;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.duovox.DuovoxException;
import org.duovox.DuovoxException.Kind;
import org.duovox.internal.NativeOutOfMemoryException;
import org.duovox.internal.NativeRing;
import org.duovox.internal.NativeRing.Shape;
import org.duovox.internal.NativeTrainer;

/// Takes steps in parts that fit into memory: rows of a batch one part after the other, the tokens
/// of the step unchanged.
///
/// A step that runs out of memory is taken again in parts half as large, and so are later batches
/// of that size. The trainer treats the parts as one batch, so only rounding differs. A step that
/// is not cut makes nothing to collect.
public final class StepParts implements Stepper {
  /// A part may cost anything.
  public static final long NO_LIMIT = Long.MAX_VALUE;

  private final Stepper steps;
  private final ActivationCost cost;
  private final LongConsumer lowered;
  private final Consumer<String> warnings;
  private final List<List<Shape>> pool = new ArrayList<>(); // By slot: shapes to use again.
  private final int[] used = new int[NativeRing.MOST_SLOTS];
  private Shape[] parts = new Shape[16];
  private int count;
  private long limit;

  /// @param steps takes a step on parts
  /// @param cost of a row
  /// @param limit bytes that a part may cost; a row that costs more is a part alone
  /// @param lowered hears of a lower limit
  /// @param warnings hears of steps that had to be cut
  public StepParts(
      Stepper steps,
      ActivationCost cost,
      long limit,
      LongConsumer lowered,
      Consumer<String> warnings) {
    this.steps = steps;
    this.cost = cost;
    this.limit = limit;
    this.lowered = lowered;
    this.warnings = warnings;
    for (int slot = 0; slot < NativeRing.MOST_SLOTS; slot++) {
      pool.add(new ArrayList<>());
    }
  }

  /// Bytes that a part may cost now. A run that goes on with the same limit rounds the same way.
  long limit() {
    return limit;
  }

  @Override
  public void step(NativeTrainer trainer, NativeRing ring, Shape[] batches, int batchCount) {
    take(steps, "a step", trainer, ring, batches, batchCount);
  }

  /// Evaluates a batch, in parts if it must be, which are all counted or none.
  public void evaluate(NativeTrainer trainer, NativeRing ring, Shape batch) {
    take(NativeTrainer::evaluate, "an evaluation", trainer, ring, new Shape[] {batch}, 1);
  }

  private void take(
      Stepper how,
      String what,
      NativeTrainer trainer,
      NativeRing ring,
      Shape[] batches,
      int batchCount) {
    while (true) {
      cut(batches, batchCount);
      try {
        how.step(trainer, ring, parts, count);
        return;
      } catch (NativeOutOfMemoryException e) {
        shrink(e, what);
      }
    }
  }

  private void cut(Shape[] batches, int batchCount) {
    count = 0;
    java.util.Arrays.fill(used, 0);
    for (int i = 0; i < batchCount; i++) {
      Shape batch = batches[i];
      int rows = rowsPerPart(batch);
      if (rows >= batch.rows()) {
        add(batch);
        continue;
      }
      for (int first = 0; first < batch.rows(); first += rows) {
        int some = Math.min(rows, batch.rows() - first);
        add(
            spare(batch.slot())
                .set(batch.firstRow() + first, some, batch.tokens(), batch.phoneticUnits()));
      }
    }
  }

  /// The rows of a batch spread evenly over the fewest parts that cost no more than the limit.
  private int rowsPerPart(Shape batch) {
    long row = Math.max(1, cost.bytes(batch.tokens(), batch.phoneticUnits()));
    long fit = Math.max(1, limit / row);
    if (fit >= batch.rows()) {
      return batch.rows();
    }
    int pieces = Math.ceilDiv(batch.rows(), (int) fit);
    return Math.ceilDiv(batch.rows(), pieces);
  }

  private Shape spare(int slot) {
    List<Shape> shapes = pool.get(slot);
    int index = used[slot]++;
    if (index == shapes.size()) {
      shapes.add(new Shape(slot));
    }
    return shapes.get(index);
  }

  private void add(Shape part) {
    if (count == parts.length) {
      parts = java.util.Arrays.copyOf(parts, 2 * count);
    }
    parts[count++] = part;
  }

  private void shrink(NativeOutOfMemoryException e, String where) {
    Shape largest = null;
    long most = 0;
    for (int i = 0; i < count; i++) {
      long bytes = parts[i].rows() * cost.bytes(parts[i].tokens(), parts[i].phoneticUnits());
      if (parts[i].rows() > 1 && bytes > most) {
        largest = parts[i];
        most = bytes;
      }
    }
    if (largest == null) {
      throw new DuovoxException(
          Kind.RETRY,
          "out of memory in %s of %s of one utterance each (%s); set model.max_positions or the"
                  .formatted(where, count == 1 ? "one part" : count + " parts", e.getMessage())
              + " model smaller, or free memory, and start the same command again",
          e);
    }
    limit = most / 2;
    lowered.accept(limit);
    warnings.accept(
        String.format(
            Locale.ROOT,
            "out of memory in a part of %d utterances of up to %d tokens: the step is taken again"
                + " with at most %d of them at a time, the same tokens per step; guards.part_mib=%d"
                + " from the start gives the same bits again",
            largest.rows(),
            largest.tokens(),
            rowsPerPart(largest),
            limit >> 20));
  }
}
