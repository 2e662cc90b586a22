package org.duovox.recipe;

import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.duovox.DuovoxException;
import org.duovox.DuovoxException.Kind;
import org.duovox.train.log.TrainControl;

/// Runs folds on a few platform threads.
///
/// A failure is reported when it happens. The first one, or an interruption, makes the other folds
/// stop and ends the run.
///
/// Threads of folds are never interrupted: an interruption closes the files that they write.
///
/// @param jobs folds that run at once
/// @param control every fold looks at it between two steps
record FoldPool(int jobs, TrainControl control, RunListener listener) {
  /// The work of one fold.
  interface Work<R> {
    /// Returns the name of the fold in messages.
    String name();

    /// Does the work; throws [RunStopped] when it was asked to stop before it was done.
    R run();
  }

  /// Runs the folds and returns their results, in the order of the folds.
  ///
  /// @throws DuovoxException of the kind of the first failure; RETRY when out of memory or
  ///   interrupted
  <R> List<R> run(List<? extends Work<R>> folds) {
    ExecutorService threads =
        Executors.newFixedThreadPool(Math.max(1, Math.min(jobs, folds.size())));
    boolean done = false;
    try {
      ExecutorCompletionService<R> ended = new ExecutorCompletionService<>(threads);
      List<Future<R>> results =
          folds.stream()
              .map(fold -> ended.submit(() -> runReporting(fold, folds.size() > 1)))
              .toList();
      for (int i = 0; i < results.size(); i++) {
        Future<R> next = ended.take();
        next.get();
      }
      done = true;
      return results.stream().map(Future::resultNow).toList();
    } catch (ExecutionException e) {
      throw rethrown(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DuovoxException(Kind.RETRY, "interrupted", e);
    } finally {
      if (!done) {
        control.leave();
      }
      stop(threads);
    }
  }

  /// Runs a fold and reports at once when it fails: the others may take a while to stop.
  private <R> R runReporting(Work<R> fold, boolean others) {
    try {
      RunStopped.check(control);
      return fold.run();
    } catch (CancellationException e) { // It only did what it was asked to.
      throw e;
    } catch (Throwable e) {
      if (others) {
        listener.failed(fold.name(), reason(e));
      }
      throw named(fold.name(), e);
    }
  }

  private static String reason(Throwable failure) {
    return switch (failure) {
      case DuovoxException e -> e.getMessage();
      case OutOfMemoryError e -> outOfMemory(e);
      default -> failure.toString();
    };
  }

  private static String outOfMemory(OutOfMemoryError e) {
    return "out of memory (%s); run fewer folds at once (--jobs 1), or give the JVM more (DUOVOX_JAVA_OPTIONS=-Xmx4g)"
        .formatted(e.getMessage());
  }

  /// Returns the failure with the fold's name when a user can mend it; a bug stays as it is.
  private static RuntimeException named(String fold, Throwable failure) {
    return switch (failure) {
      case DuovoxException e ->
          new DuovoxException(e.kind(), "fold %s: %s".formatted(fold, e.getMessage()), e);
      case OutOfMemoryError e ->
          new DuovoxException(Kind.RETRY, "fold %s: %s".formatted(fold, outOfMemory(e)), e);
      default -> rethrown(failure);
    };
  }

  private static RuntimeException rethrown(Throwable failure) {
    return switch (failure) {
      case RuntimeException e -> e;
      case Error e -> throw e;
      default -> new IllegalStateException(failure);
    };
  }

  /// Waits for every thread: native code must not run while the caller frees what it uses.
  private static void stop(ExecutorService threads) {
    threads.shutdown();
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
