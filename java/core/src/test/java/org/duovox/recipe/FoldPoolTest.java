package org.duovox.recipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.duovox.DuovoxException;
import org.duovox.DuovoxException.Kind;
import org.duovox.train.log.TrainControl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A fold that fails is told at once, stops the others, and gives the run its code, wherever it
/// stands in the order.
@Timeout(60) // Where a failure is not seen, a fold waits for ever.
class FoldPoolTest {
  private final List<String> told = Collections.synchronizedList(new ArrayList<>());
  private final TrainControl control = new TrainControl();
  private final RunListener listener =
      new RunListener() {
        @Override
        public void failed(String fold, String reason) {
          told.add(fold + ": " + reason);
        }
      };

  private record Fold(String name, Supplier<String> work) implements FoldPool.Work<String> {
    @Override
    public String run() {
      return work.get();
    }
  }

  /// A training that ends when it is asked to leave, between two steps.
  private Fold endless(String name, CountDownLatch begun, Runnable stopped) {
    return new Fold(
        name,
        () -> {
          begun.countDown();
          while (!control.isLeaving()) {
            Thread.onSpinWait(); // A step.
          }
          assertFalse(Thread.currentThread().isInterrupted(), "it may be writing a checkpoint");
          stopped.run();
          throw new RunStopped("after step 7");
        });
  }

  private static Fold failing(String name, CountDownLatch begun, RuntimeException failure) {
    return new Fold(
        name,
        () -> {
          await(begun);
          throw failure;
        });
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void resultsAreInTheOrderOfTheFolds() {
    CountDownLatch second = new CountDownLatch(1);
    Fold slow =
        new Fold(
            "a",
            () -> {
              await(second);
              return "A";
            });
    Fold fast =
        new Fold(
            "b",
            () -> {
              second.countDown();
              return "B";
            });
    assertEquals(List.of("A", "B"), new FoldPool(2, control, listener).run(List.of(slow, fast)));
    assertEquals(List.of(), told);
  }

  @Test
  void aLaterFoldsFailureStopsTheEarlierOne() {
    CountDownLatch begun = new CountDownLatch(1);
    AtomicBoolean stopped = new AtomicBoolean();
    List<Fold> folds =
        List.of(
            endless("a", begun, () -> stopped.set(true)),
            failing("b", begun, DuovoxException.badData("no such word")));
    DuovoxException failure =
        assertThrows(DuovoxException.class, () -> new FoldPool(2, control, listener).run(folds));
    assertEquals(Kind.BAD_DATA, failure.kind());
    assertEquals("fold b: no such word", failure.getMessage());
    assertTrue(stopped.get());
    assertEquals(List.of("b: no such word"), told, "a only did what it was asked to");
  }

  @Test
  void memoryThatIsOutIsTemporary() {
    Fold hungry =
        new Fold(
            "a",
            () -> {
              throw new OutOfMemoryError("Java heap space");
            });
    DuovoxException failure =
        assertThrows(
            DuovoxException.class,
            () ->
                new FoldPool(1, control, listener).run(List.of(hungry, new Fold("b", () -> "B"))));
    assertEquals(75, failure.kind().exitCode());
    assertTrue(failure.getMessage().startsWith("fold a: out of memory (Java heap space)"));
    assertTrue(failure.getMessage().contains("--jobs 1"), failure.getMessage());
    assertEquals(1, told.size());
  }

  @Test
  void everyFailureIsToldAndTheFirstOneCounts() {
    CountDownLatch begun = new CountDownLatch(1);
    Runnable diskFull =
        () -> {
          throw new DuovoxException(Kind.IO, "no space left");
        };
    List<Fold> folds =
        List.of(
            endless("a", begun, diskFull),
            failing("b", begun, DuovoxException.config("bad weights")));
    DuovoxException failure =
        assertThrows(DuovoxException.class, () -> new FoldPool(2, control, listener).run(folds));
    assertEquals(Kind.BAD_CONFIG, failure.kind());
    assertEquals(List.of("b: bad weights", "a: no space left"), told);
  }

  @Test
  void whatIsABugStaysOne() {
    StackOverflowError bug = new StackOverflowError();
    Fold fold =
        new Fold(
            "a",
            () -> {
              throw bug;
            });
    assertEquals(
        bug,
        assertThrows(
            StackOverflowError.class, () -> new FoldPool(4, control, listener).run(List.of(fold))));
    assertEquals(List.of(), told, "the end of the run tells the only fold's failure");
  }

  @Test
  void anInterruptionStopsAllFolds() {
    CountDownLatch begun = new CountDownLatch(2);
    CountDownLatch stopped = new CountDownLatch(2);
    Thread caller = Thread.currentThread();
    Thread.ofPlatform()
        .start(() -> {
          await(begun);
          caller.interrupt();
        });
    DuovoxException failure =
        assertThrows(
            DuovoxException.class,
            () ->
                new FoldPool(2, control, listener)
                    .run(
                        List.of(
                            endless("a", begun, stopped::countDown),
                            endless("b", begun, stopped::countDown))));
    assertTrue(Thread.interrupted(), "the flag stays set");
    assertEquals(Kind.RETRY, failure.kind());
    assertEquals(List.of(), told);
    assertEquals(0, stopped.getCount(), "in order");
  }

  @Test
  void aRunThatIsAskedToLeaveEndsItsFoldsAndBeginsNoOther() {
    CountDownLatch begun = new CountDownLatch(1);
    AtomicBoolean third = new AtomicBoolean();
    Fold asking =
        new Fold(
            "b",
            () -> {
              await(begun);
              control.leave();
              throw new RunStopped("after step 3");
            });
    Fold never =
        new Fold(
            "c",
            () -> {
              third.set(true);
              return "C";
            });
    assertThrows(
        RunStopped.class,
        () ->
            new FoldPool(2, control, listener)
                .run(List.of(endless("a", begun, () -> {}), asking, never)));
    assertFalse(third.get());
    assertEquals(List.of(), told, "nobody failed");
  }
}
