package org.duovox.train.data;

import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.duovox.internal.NativeRing;
import org.duovox.internal.NativeRing.Shape;
import org.duovox.internal.NativeRing.Slot;

/// Fills slots of a ring on a thread of its own while the caller computes on others.
///
/// Free slots go to the loader and filled ones to the caller, through two bounded queues; only one
/// of the two holds a slot at a time. An exception of the source is thrown by [#take()]. Close the
/// loader before the ring.
public final class BatchLoader implements AutoCloseable {
  /// A filled slot.
  ///
  /// @param shape of the batch in the slot
  /// @param epoch that the batch belongs to, from 0
  /// @param index of the batch in its epoch, from 0
  /// @param lastOfEpoch whether the next batch begins another epoch
  public record Batch(Slot slot, Shape shape, int epoch, int index, boolean lastOfEpoch) {}

  /// Where batches come from. Used by the loader's thread only.
  @FunctionalInterface
  public interface Source {
    /// Writes the next batch into a slot; empty when there is none.
    Optional<Batch> next(Slot slot);
  }

  private final BlockingQueue<Slot> free;
  private final BlockingQueue<Optional<Batch>> filled; // Empty at the end.
  private final Source source;
  private final Thread thread;
  private volatile Throwable failure;

  /// Starts to load.
  public BatchLoader(NativeRing ring, Source source) {
    this.source = source;
    this.free = new ArrayBlockingQueue<>(ring.slots().size(), false, ring.slots());
    this.filled = new ArrayBlockingQueue<>(ring.slots().size() + 1); // The end needs no slot.
    // A platform thread: the work is computation, and a virtual one would change carriers under
    // native memory.
    this.thread = Thread.ofPlatform().daemon().name("duovox-loader").start(this::load);
  }

  /// Returns the next batch, empty at the end; waits for the loader.
  ///
  /// @throws InterruptedException when the calling thread is interrupted
  public Optional<Batch> take() throws InterruptedException {
    Optional<Batch> batch = filled.take();
    if (batch.isPresent()) {
      return batch;
    }
    filled.add(batch); // Whoever asks again is told the same.
    Throwable reason = failure;
    if (reason != null) {
      failure = null;
      throw rethrown(reason);
    }
    return batch;
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
    try {
      Optional<Batch> batch = source.next(free.take());
      while (batch.isPresent() && !Thread.currentThread().isInterrupted()) {
        filled.add(batch);
        batch = source.next(free.take());
      }
    } catch (InterruptedException e) {
      // close() asked for the end; nobody will take what is left.
    } catch (Throwable e) {
      failure = e;
    } finally {
      filled.add(Optional.empty());
    }
  }

  private static RuntimeException rethrown(Throwable failure) {
    if (failure instanceof Error error) {
      throw error;
    }
    return failure instanceof RuntimeException e ? e : new IllegalStateException(failure);
  }
}
