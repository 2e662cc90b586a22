package org.duovox.internal;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;

/// Owns one native object and frees it exactly once.
///
/// A handle is confined to the thread that created it: use or close on another thread is a
/// `WrongThreadException`, use after close an `IllegalStateException`, both from the arena. A
/// handle that lends itself to a child (a model to its trainer) cannot be closed before that child.
abstract class Handle implements AutoCloseable {
  private final Arena arena;
  private final MemorySegment self;
  private int children;

  Handle(MemorySegment owned, Arena arena, Consumer<MemorySegment> destroy) {
    this.arena = arena;
    this.self = owned.reinterpret(arena, destroy);
  }

  /// The native pointer, checked for life and thread by FFM when it is passed on.
  final MemorySegment self() {
    return self;
  }

  /// Whether the native object is still there.
  final boolean isOpen() {
    return arena.scope().isAlive();
  }

  final void lend() {
    children++;
  }

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
