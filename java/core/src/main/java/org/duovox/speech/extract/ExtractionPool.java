package org.duovox.speech.extract;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.duovox.DuovoxException;
import org.duovox.DuovoxException.Kind;
import org.duovox.speech.Encoder;

/// The threads of an extraction: they load audio, and encode it where the encoder allows several
/// threads.
final class ExtractionPool implements AutoCloseable {
  private final int threads;
  private final boolean shared;
  private final ExecutorService pool;
  private final CompletableFuture<Object> failure = new CompletableFuture<>();

  /// As many threads as the encoder takes at once; one that takes only one is called by the
  /// extraction's own thread, while one thread of this pool reads ahead.
  ExtractionPool(Encoder encoder) {
    this.shared = encoder.parallelism() > 1;
    this.threads = shared ? encoder.parallelism() : 1;
    this.pool =
        Executors.newFixedThreadPool(
            threads, Thread.ofPlatform().daemon().name("duovox-extract-", 0).factory());
  }

  int threads() {
    return threads;
  }

  /// Whether the encoder may be called by the threads of this pool.
  boolean shared() {
    return shared;
  }

  /// Runs a task on a thread of the pool. A failure that ends the extraction (out of memory, no
  /// decoder, a bug) also ends the wait for any other result; a failure of one utterance surfaces
  /// with its own result.
  <R> CompletableFuture<R> submit(Callable<R> task) {
    CompletableFuture<R> result = new CompletableFuture<>();
    pool.execute(() -> {
      try {
        if (!result.isCancelled()) {
          result.complete(task.call());
        }
      } catch (Throwable e) {
        result.completeExceptionally(e);
        if (!(e instanceof DuovoxException known && Outcome.concernsOneUtterance(known))) {
          failure.completeExceptionally(e);
        }
      }
    });
    return result;
  }

  /// Waits for a result. Rethrows what its task threw, or at once the failure of another task that
  /// ends the extraction.
  <R> R get(CompletableFuture<R> future) {
    try {
      CompletableFuture.anyOf(failure, future).get();
      return future.resultNow();
    } catch (InterruptedException e) {
      throw interrupted(e);
    } catch (ExecutionException e) {
      throw rethrown(e.getCause());
    }
  }

  static DuovoxException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new DuovoxException(Kind.RETRY, "interrupted; run the command again", e);
  }

  static RuntimeException rethrown(Throwable cause) {
    return switch (cause) {
      case RuntimeException e -> e;
      case Error e -> throw e;
      default -> new IllegalStateException(cause);
    };
  }

  /// Stops all tasks and waits for the threads, so that the encoder may be closed.
  @Override
  public void close() {
    pool.shutdownNow();
    pool.close();
  }
}
