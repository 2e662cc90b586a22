package org.duovox.speech.extract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.duovox.DuovoxException;
import org.duovox.speech.FakeEncoder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What ends an extraction ends it when it happens; what is wrong with one utterance waits its
/// turn.
@Timeout(60) // Where a failure is not seen, the first result is waited for for ever.
class ExtractionPoolTest {
  private final CountDownLatch end = new CountDownLatch(1);

  private CompletableFuture<String> unending(ExtractionPool pool) {
    return pool.submit(() -> {
      end.await();
      return "late";
    });
  }

  @Test
  void memoryThatIsOutIsSeenWhileAnEarlierResultIsWaitedFor() {
    OutOfMemoryError failure = new OutOfMemoryError("Java heap space");
    try (ExtractionPool pool = new ExtractionPool(new FakeEncoder(2))) {
      CompletableFuture<String> first = unending(pool);
      CompletableFuture<String> second =
          pool.submit(() -> {
            throw failure;
          });
      assertEquals(failure, assertThrows(OutOfMemoryError.class, () -> pool.get(first)));
      assertEquals(failure, second.exceptionNow());
    }
  }

  @Test
  void anUtteranceThatIsWrongDoesNotEndTheOthers() {
    try (ExtractionPool pool = new ExtractionPool(new FakeEncoder(2))) {
      CompletableFuture<String> first = unending(pool);
      CompletableFuture<String> second =
          pool.submit(() -> {
            throw DuovoxException.badData("not finite");
          });
      assertThrows(DuovoxException.class, () -> pool.get(second));
      end.countDown();
      assertEquals("late", pool.get(first));
    }
  }
}
