package org.duovox.speech.extract;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/// Works on the items ahead with a few threads and hands the results over in the items' order.
///
/// What is under way is bounded in number and in weight (an estimate of its bytes in memory), so
/// that neither many nor long files fill the memory; one item per thread is always under way. The
/// consumer is one thread.
final class Lookahead<T, R> {
  private static final int ITEMS_PER_THREAD = 8;
  private static final long MAX_WEIGHT = 192L << 20;

  private final Iterator<T> items;
  private final ExtractionPool pool;
  private final Function<T, R> work;
  private final ToLongFunction<T> weight;
  private final Deque<Job<R>> jobs = new ArrayDeque<>();
  private long underWay;

  private record Job<R>(CompletableFuture<R> future, long weight) {}

  Lookahead(List<T> items, ExtractionPool pool, Function<T, R> work, ToLongFunction<T> weight) {
    this.items = items.iterator();
    this.pool = pool;
    this.work = work;
    this.weight = weight;
  }

  /// The next result, in order; rethrows what the work threw.
  R next() {
    submit();
    Job<R> job = jobs.remove();
    R result = pool.get(job.future());
    underWay -= job.weight();
    return result;
  }

  private void submit() {
    int threads = pool.threads();
    while (items.hasNext()
        && (jobs.size() < threads
            || (jobs.size() < threads * ITEMS_PER_THREAD && underWay < MAX_WEIGHT))) {
      T item = items.next();
      long bytes = weight.applyAsLong(item);
      underWay += bytes;
      jobs.add(new Job<>(pool.submit(() -> work.apply(item)), bytes));
    }
  }
}
