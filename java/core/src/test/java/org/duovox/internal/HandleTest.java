package org.duovox.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

@SuppressWarnings("MustBeClosedChecker") // Closing is what is tested.
final class HandleTest {
  /// A handle whose native object is a number and whose destruction is counted.
  private static final class Fake extends Handle {
    Fake(Arena arena, AtomicInteger destroyed) {
      super(MemorySegment.ofAddress(0x1000), arena, self -> destroyed.incrementAndGet());
    }

    Fake(AtomicInteger destroyed, Supplier<String> rest) {
      this(Arena.ofConfined(), destroyed);
      orClose(rest);
    }
  }

  private final AtomicInteger destroyed = new AtomicInteger();

  @Test
  void isDestroyedOnceHoweverOftenItIsClosed() {
    Fake handle = new Fake(Arena.ofConfined(), destroyed);
    assertEquals(0x1000, handle.self().address());
    handle.close();
    handle.close();
    assertEquals(1, destroyed.get());
    assertTrue(!handle.self().scope().isAlive());
  }

  @Test
  void constructorThatFailsLeavesNothingOpen() {
    int before = Handle.open();
    IllegalStateException failure = new IllegalStateException("no tensors");
    Supplier<String> failing =
        () -> {
          assertEquals(before + 1, Handle.open());
          throw failure;
        };
    assertSame(
        failure, assertThrows(IllegalStateException.class, () -> new Fake(destroyed, failing)));
    assertEquals(1, destroyed.get());
    assertEquals(before, Handle.open());
    try (Fake good = new Fake(destroyed, () -> "tensors")) {
      assertEquals(1, destroyed.get());
      assertEquals(before + 1, Handle.open());
      assertTrue(good.isOpen());
    }
    assertEquals(before, Handle.open());
  }

  @Test
  void useAndCloseOnAnotherThreadAreRefused() throws InterruptedException, ExecutionException {
    try (Fake handle = new Fake(Arena.ofConfined(), destroyed)) {
      FutureTask<Void> other =
          new FutureTask<>(() -> {
            assertThrows(WrongThreadException.class, handle::close);
            return null;
          });
      Thread.ofPlatform().start(other);
      other.get();
      assertEquals(0, destroyed.get());
    }
    assertEquals(1, destroyed.get());
  }

  @Test
  void sharedHandleMayBeClosedElsewhere() throws InterruptedException, ExecutionException {
    Fake handle = new Fake(Arena.ofShared(), destroyed);
    FutureTask<Void> other = new FutureTask<>(handle::close, null);
    Thread.ofPlatform().start(other);
    other.get();
    assertEquals(1, destroyed.get());
  }

  @Test
  void parentCannotBeClosedBeforeItsChild() {
    Fake parent = new Fake(Arena.ofConfined(), destroyed);
    parent.lend();
    IllegalStateException early = assertThrows(IllegalStateException.class, parent::close);
    assertTrue(early.getMessage().contains("Fake is still used by 1"), early.getMessage());
    assertEquals(0, destroyed.get());
    parent.giveBack();
    parent.close();
    assertEquals(1, destroyed.get());
  }
}
