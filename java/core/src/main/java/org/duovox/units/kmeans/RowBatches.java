package org.duovox.units.kmeans;

import java.nio.ByteBuffer;
import java.util.PrimitiveIterator;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.ObjIntConsumer;
import org.duovox.DuovoxException;
import org.duovox.DuovoxException.Kind;
import org.duovox.internal.NativeRows;
import org.duovox.units.FeatureLayer;
import org.duovox.units.FiniteDistances;

/// Reads the frames of utterances into batches of one size; the next batch is read while the last
/// one is used.
///
/// Memory is two batches, whatever the corpus and however long its utterances. Batches do not
/// depend on how the features are stored. The consumer is one thread.
final class RowBatches implements AutoCloseable {
  private final FeatureLayer features;
  private final NativeRows[] blocks;
  private final ExecutorService reader =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("duovox-rows").factory());

  /// Batches of at most `capacity` rows.
  RowBatches(FeatureLayer features, int capacity) {
    this.features = features;
    this.blocks =
        new NativeRows[] {
          new NativeRows(capacity, features.width()), new NativeRows(capacity, features.width())
        };
  }

  /// Hands over the frames of all utterances of an order in full batches; only the last may be
  /// shorter.
  void forEach(PrimitiveIterator.OfInt order, ObjIntConsumer<NativeRows> consumer) {
    forEach(new Cursor(order, true), consumer);
  }

  /// The same with batches that end where an utterance ends, so that the result for an utterance
  /// does not depend on others.
  void forEachApart(PrimitiveIterator.OfInt order, ObjIntConsumer<NativeRows> consumer) {
    forEach(new Cursor(order, false), consumer);
  }

  private void forEach(Cursor cursor, ObjIntConsumer<NativeRows> consumer) {
    Future<Integer> next = reader.submit(() -> cursor.fill(blocks[0]));
    for (int turn = 0; ; turn = 1 - turn) {
      int count = await(next);
      if (count == 0) {
        return;
      }
      NativeRows free = blocks[1 - turn];
      next = reader.submit(() -> cursor.fill(free));
      consumer.accept(blocks[turn], count);
    }
  }

  private static int await(Future<Integer> count) {
    try {
      return count.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DuovoxException(Kind.RETRY, "interrupted; run the command again", e);
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case RuntimeException cause -> throw cause;
        case Error cause -> throw cause;
        default -> throw new IllegalStateException(e.getCause());
      }
    }
  }

  /// Refuses rows of an utterance for which no distance can be computed.
  ///
  /// @param first index of the first row within the utterance
  static void requireFinite(ByteBuffer rows, int width, String id, int first) {
    int bad = FiniteDistances.firstViolation(rows, width);
    if (bad >= 0) {
      throw DuovoxException.badData(
          "%s: frame %d %s; extract or scale the features again, or remove the utterance"
              .formatted(
                  id,
                  first + bad / width,
                  FiniteDistances.describe(rows.getFloat(bad * Float.BYTES), width)));
    }
  }

  /// Waits for the reading thread and frees the memory.
  @Override
  public void close() {
    reader.close();
    blocks[0].close();
    blocks[1].close();
  }

  /// The place up to which frames were read.
  private final class Cursor {
    private final PrimitiveIterator.OfInt order;
    private final boolean across;
    private int utterance = -1;
    private int frame;

    Cursor(PrimitiveIterator.OfInt order, boolean across) {
      this.order = order;
      this.across = across;
    }

    /// Fills a block and returns its rows; 0 at the end.
    int fill(NativeRows block) {
      int count = 0;
      while (count < block.capacity() && advance()) {
        int left = features.utterances().get(utterance).frames() - frame;
        int n = Math.min(left, block.capacity() - count);
        ByteBuffer target = block.bytes(count, n);
        features.read(utterance, frame, n, target);
        requireFinite(
            target.flip(), features.width(), features.utterances().get(utterance).id(), frame);
        frame += n;
        count += n;
        if (!across) {
          break;
        }
      }
      return count;
    }

    private boolean advance() {
      while (utterance < 0 || frame == features.utterances().get(utterance).frames()) {
        if (!order.hasNext()) {
          return false;
        }
        utterance = order.nextInt();
        frame = 0;
      }
      return true;
    }
  }
}
