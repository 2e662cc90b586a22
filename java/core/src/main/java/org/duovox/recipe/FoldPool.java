package org.duovox.recipe;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.duovox.DuovoxException;

/// Runs folds on a few platform threads; the first failure or an interruption stops the others
/// between two steps.
record FoldPool(int jobs) {
  List<FoldRun.Outcome> run(List<FoldRun> folds) {
    ExecutorService threads =
        Executors.newFixedThreadPool(Math.max(1, Math.min(jobs, folds.size())));
    try {
      List<Future<FoldRun.Outcome>> futures =
          folds.stream().map(fold -> threads.submit(fold::run)).toList();
      List<FoldRun.Outcome> outcomes = new ArrayList<>();
      for (Future<FoldRun.Outcome> future : futures) {
        outcomes.add(future.get());
      }
      return outcomes;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException known
          ? known
          : new DuovoxException(
              DuovoxException.Kind.NATIVE, "a fold failed: " + e.getCause(), e.getCause());
    } catch (InterruptedException | CancellationException e) {
      Thread.currentThread().interrupt();
      throw new DuovoxException(DuovoxException.Kind.RETRY, "interrupted", e);
    } finally {
      stop(threads);
    }
  }

  /// Waits for every thread: native code must not run on while the caller takes things down.
  private static void stop(ExecutorService threads) {
    threads.shutdownNow();
    boolean interrupted = Thread.interrupted();
    while (true) {
      try {
        if (threads.awaitTermination(1, TimeUnit.HOURS)) {
          break;
        }
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
