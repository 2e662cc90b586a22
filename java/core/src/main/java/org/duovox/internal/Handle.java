package org.duovox.internal;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// The owner of one native object, which it frees exactly once (docs/adr/0004).
///
/// A handle belongs to its arena. With a confined arena, use or close on another thread throws
/// `WrongThreadException`; use after close throws `IllegalStateException`. A handle that is lent to
/// a child (a model to its trainer) cannot be closed before that child.
///
/// Nobody can close a handle whose constructor threw, so whatever a constructor does after `super`
/// goes through [#orClose].
abstract class Handle implements AutoCloseable {
  private static final AtomicInteger OPEN = new AtomicInteger();

  private final Arena arena;
  private final MemorySegment self;
  private int children;

  Handle(MemorySegment owned, Arena arena, Consumer<MemorySegment> destroy) {
    this.arena = arena;
    this.self =
        owned.reinterpret(
            arena,
            pointer -> {
              destroy.accept(pointer);
              OPEN.decrementAndGet();
            });
    OPEN.incrementAndGet();
  }

  /// Returns how many native objects of this process are not freed yet.
  static int open() {
    return OPEN.get();
  }

  /// Runs the rest of a constructor, and closes this handle when that fails.
  final <T> T orClose(Supplier<T> rest) {
    try {
      return rest.get();
    } catch (Throwable failure) {
      try {
        close();
      } catch (RuntimeException second) {
        failure.addSuppressed(second);
      }
      throw failure;
    }
  }

  /// Memory that lives as long as the native object.
  final Arena arena() {
    return arena;
  }

  /// The native pointer; FFM checks life and thread whenever it is passed to a call.
  final MemorySegment self() {
    return self;
  }

  /// Whether the native object is not freed yet.
  final boolean isOpen() {
    return arena.scope().isAlive();
  }

  /// Keeps this handle open until [#giveBack()].
  final void lend() {
    children++;
  }

  /// Ends one [#lend()].
  final void giveBack() {
    children--;
  }

  /// Frees the native object; further calls do nothing.
  ///
  /// @throws IllegalStateException while a child that borrows this handle is open
  @Override
  public void close() {
    if (!arena.scope().isAlive()) {
      return;
    }
    if (children > 0) {
      throw new IllegalStateException(
          "%s is still used by %d open object(s); close those first"
              .formatted(getClass().getSimpleName(), children));
    }
    arena.close();
  }
}
