package org.duovox.speech;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.duovox.DuovoxException;
import org.duovox.DuovoxException.Kind;

/// Works on the items ahead with a few threads and hands the results over in the items' order.
///
/// What is under way is bounded in number and in weight (bytes of the files), so that neither many
/// nor long files fill the memory; one item per thread is always under way. The consumer is one
/// thread.
final class Lookahead<T, R> implements AutoCloseable {
  private static final int ITEMS_PER_THREAD = 8;
  private static final long MAX_WEIGHT = 32L << 20;

  private final Iterator<T> items;
  private final int threads;
  private final Function<T, R> work;
  private final ToLongFunction<T> weight;
  private final ExecutorService pool;
  private final Deque<Job<R>> jobs = new ArrayDeque<>();
  private long underWay;

  private record Job<R>(Future<R> future, long weight) {}

  Lookahead(List<T> items, int threads, Function<T, R> work, ToLongFunction<T> weight) {
    this.items = items.iterator();
    this.threads = threads;
    this.work = work;
    this.weight = weight;
    this.pool =
        Executors.newFixedThreadPool(
            threads, Thread.ofPlatform().daemon().name("duovox-extract-", 0).factory());
  }

  /// The next result, in order; rethrows what the work threw.
  R next() {
    submit();
    Job<R> job = jobs.remove();
    try {
      R result = job.future().get();
      underWay -= job.weight();
      return result;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DuovoxException(Kind.RETRY, "interrupted; run the command again", e);
    } catch (ExecutionException e) {
      throw rethrown(e.getCause());
    }
  }

  private void submit() {
    while (items.hasNext()
        && (jobs.size() < threads
            || (jobs.size() < threads * ITEMS_PER_THREAD && underWay < MAX_WEIGHT))) {
      T item = items.next();
      long bytes = weight.applyAsLong(item);
      underWay += bytes;
      jobs.add(new Job<>(pool.submit(() -> work.apply(item)), bytes));
    }
  }

  private static RuntimeException rethrown(Throwable cause) {
    return switch (cause) {
      case RuntimeException e -> e;
      case Error e -> throw e;
      default -> new IllegalStateException(cause);
    };
  }

  /// Stops what is under way and waits until the threads have left, so that the encoder may be
  /// closed.
  @Override
  public void close() {
    pool.shutdownNow();
    pool.close();
  }
}
