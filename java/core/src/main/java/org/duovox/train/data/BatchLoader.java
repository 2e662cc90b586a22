package org.duovox.train.data;

import java.util.Optional;
import org.duovox.internal.NativeRing;

/// Fills slots of a ring on a thread of its own while the caller computes on others.
///
/// Free slots go to the loader, filled ones to the caller, through two bounded queues; a slot is in
/// one hand at a time. An exception of the source surfaces at [#take()]. Close the loader before
/// the ring. Nothing is made for a batch: each slot has one [Batch] that is set anew.
public final class BatchLoader implements AutoCloseable {
  /// A filled slot.
  public static final class Batch {
    private final NativeRing.Slot slot;
    private final Optional<Batch> present = Optional.of(this);
    private NativeRing.Shape shape;
    private int epoch;
    private int index;
    private boolean lastOfEpoch;

    Batch(NativeRing.Slot slot) {
      this.slot = slot;
    }

    /// Says what is in the slot now.
    void set(NativeRing.Shape newShape, int newEpoch, int newIndex, boolean last) {
      shape = newShape;
      epoch = newEpoch;
      index = newIndex;
      lastOfEpoch = last;
    }

    public NativeRing.Slot slot() {
      return slot;
    }

    /// Shape of the batch in the slot.
    public NativeRing.Shape shape() {
      return shape;
    }

    /// Epoch that the batch belongs to, from 0.
    public int epoch() {
      return epoch;
    }

    /// Its place in the epoch, from 0.
    public int index() {
      return index;
    }

    /// Whether the next batch begins another epoch.
    public boolean lastOfEpoch() {
      return lastOfEpoch;
    }
  }

  /// Where batches come from. Used by the loader's thread only.
  @FunctionalInterface
  public interface Source {
    /// Fills the batch's slot and sets the batch; false when there is no batch any more.
    boolean next(Batch batch);
  }

  private final BatchQueue free;
  private final BatchQueue filled;
  private final Source source;
  private final Thread thread;
  private volatile Throwable failure;

  /// Starts to load.
  public BatchLoader(NativeRing ring, Source source) {
    this.source = source;
    this.free = new BatchQueue(ring.slots().size());
    this.filled = new BatchQueue(ring.slots().size());
    ring.slots().forEach(slot -> free.offer(new Batch(slot)));
    // A platform thread: the work is computation, and a virtual one would change carriers under
    // native memory.
    this.thread = Thread.ofPlatform().daemon().name("duovox-loader").start(this::load);
  }

  /// The next batch, empty at the end; waits for the loader.
  ///
  /// @throws InterruptedException when the calling thread is interrupted
  public Optional<Batch> take() throws InterruptedException {
    Batch batch = filled.take();
    if (batch != null) {
      return batch.present;
    }
    Throwable reason = failure;
    if (reason != null) {
      failure = null;
      throw rethrown(reason);
    }
    return Optional.empty();
  }

  /// Gives a slot back to the loader when its batch has been computed.
  public void release(Batch batch) {
    if (!free.offer(batch)) {
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
      Batch batch = free.take();
      while (source.next(batch) && !Thread.currentThread().isInterrupted()) {
        filled.offer(batch);
        batch = free.take();
      }
    } catch (InterruptedException e) {
      // close() asked for the end; nobody will take what is left.
    } catch (Throwable e) {
      failure = e;
    } finally {
      filled.end();
    }
  }

  private static RuntimeException rethrown(Throwable failure) {
    if (failure instanceof Error error) {
      throw error;
    }
    return failure instanceof RuntimeException e ? e : new IllegalStateException(failure);
  }
}
