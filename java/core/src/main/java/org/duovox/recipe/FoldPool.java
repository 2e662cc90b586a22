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

/// Runs folds on a few platform threads. A failure is told when it happens; the first one, or an
/// interruption, asks the other folds to leave, and is what the run ends with.
///
/// Threads of folds are never interrupted: an interruption closes the files that they write.
///
/// @param control that every fold looks at between two steps
record FoldPool(int jobs, TrainControl control, RunListener listener) {
  /// The work of one fold.
  interface Work<R> {
    /// The fold, as messages name it.
    String name();

    /// Does the work; throws [RunStopped] when it was asked to leave before it was done.
    R run();
  }

  /// Results in the order of the folds.
  ///
  /// @throws DuovoxException of the kind of the first failure; RETRY when out of memory or
  ///   interrupted
  <R> List<R> run(List<? extends Work<R>> folds) {
    ExecutorService threads =
        Executors.newFixedThreadPool(Math.max(1, Math.min(jobs, folds.size())));
    boolean whole = false;
    try {
      ExecutorCompletionService<R> ended = new ExecutorCompletionService<>(threads);
      List<Future<R>> results =
          folds.stream().map(fold -> ended.submit(() -> told(fold, folds.size() > 1))).toList();
      for (int i = 0; i < results.size(); i++) {
        Future<R> next = ended.take();
        next.get();
      }
      whole = true;
      return results.stream().map(Future::resultNow).toList();
    } catch (ExecutionException e) {
      throw rethrown(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DuovoxException(Kind.RETRY, "interrupted", e);
    } finally {
      if (!whole) {
        control.leave();
      }
      stop(threads);
    }
  }

  /// Works on a fold, and says at once when it fails: the others may take a while to stop.
  private <R> R told(Work<R> fold, boolean others) {
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

  /// The failure with the fold's name, where it is one that a user can mend; a bug stays as it is.
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

  /// Waits for every thread: native code must not run on while the caller takes things down.
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
