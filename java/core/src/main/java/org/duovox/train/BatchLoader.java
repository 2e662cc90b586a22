package org.duovox.train;

import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.duovox.internal.NativeRing;

/// Fills slots of a ring on a thread of its own while the caller computes on others.
///
/// Free slots go to the loader, filled ones to the caller, through two bounded queues; a slot is in
/// one hand at a time. An exception of the source surfaces at [#take()]. Close the loader before
/// the ring.
public final class BatchLoader implements AutoCloseable {
  /// A filled slot.
  ///
  /// @param shape of the batch in the slot
  /// @param epoch that the batch belongs to, from 0
  /// @param lastOfEpoch whether the next batch begins another epoch
  public record Batch(
      NativeRing.Slot slot, NativeRing.Shape shape, int epoch, boolean lastOfEpoch) {}

  /// Where batches come from. Used by the loader's thread only.
  @FunctionalInterface
  public interface Source {
    /// Fills the slot with the next batch; empty when there is none.
    Optional<Batch> next(NativeRing.Slot slot);
  }

  /// What the loader passes on: a batch, the end (neither), or a failure.
  private record Item(Optional<Batch> batch, Optional<Throwable> failure) {}

  private final BlockingQueue<NativeRing.Slot> free;
  private final BlockingQueue<Item> filled;
  private final Source source;
  private final Thread thread;
  private boolean ended;

  /// Starts to load.
  public BatchLoader(NativeRing ring, Source source) {
    this.source = source;
    this.free = new ArrayBlockingQueue<>(ring.slots().size(), false, ring.slots());
    // One more for the end or a failure, so that the loader never waits to tell.
    this.filled = new ArrayBlockingQueue<>(ring.slots().size() + 1);
    // A platform thread: the work is computation, and a virtual one would change carriers under
    // native memory.
    this.thread = Thread.ofPlatform().daemon().name("duovox-loader").start(this::load);
  }

  /// The next batch, empty at the end; waits for the loader.
  ///
  /// @throws InterruptedException when the calling thread is interrupted
  public Optional<Batch> take() throws InterruptedException {
    if (ended) {
      return Optional.empty();
    }
    Item item = filled.take();
    ended = item.batch().isEmpty();
    if (item.failure().isPresent()) {
      throw rethrown(item.failure().get());
    }
    return item.batch();
  }

  /// Gives a slot back to the loader when its batch has been computed.
  public void release(Batch batch) {
    if (!free.offer(batch.slot())) {
      throw new IllegalStateException("slot " + batch.slot().index() + " was released twice");
    }
  }

  /// Stops the loader and waits until it no longer touches the ring.
  @Override
  public void close() {
    thread.interrupt();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  // A loader that dies silently would leave the caller waiting forever, so everything is caught and
  // passed on.
  private void load() {
    Item last = new Item(Optional.empty(), Optional.empty());
    try {
      Optional<Batch> batch = source.next(free.take());
      while (batch.isPresent() && !Thread.currentThread().isInterrupted()) {
        filled.put(new Item(batch, Optional.empty()));
        batch = source.next(free.take());
      }
    } catch (InterruptedException e) {
      // close() asked for the end; nobody will take what is left.
    } catch (Throwable e) {
      last = new Item(Optional.empty(), Optional.of(e));
    }
    filled.offer(last);
  }

  private static RuntimeException rethrown(Throwable failure) {
    if (failure instanceof Error error) {
      throw error;
    }
    return failure instanceof RuntimeException e ? e : new IllegalStateException(failure);
  }
}
