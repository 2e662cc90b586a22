package org.duovox.cli.console;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// Ctrl-C and SIGTERM: the working thread is interrupted, ends between two steps, removes what is
/// half-written, and only then does the JVM exit. Native code that still runs would otherwise meet
/// a process that is being taken down.
public final class Interruption {
  private static final long PATIENCE_SECONDS = 20;

  private static final AtomicBoolean REQUESTED = new AtomicBoolean();
  private static final CountDownLatch FINISHED = new CountDownLatch(1);

  /// Thrown between two steps of a task after the process was asked to end.
  public static final class Stopped extends CancellationException {
    private static final long serialVersionUID = 1;

    private final int exitCode;

    public Stopped() {
      this(Failures.INTERRUPTED);
    }

    /// @param exitCode of the signal that asked for it
    public Stopped(int exitCode) {
      super("interrupted");
      this.exitCode = exitCode;
    }

    int exitCode() {
      return exitCode;
    }
  }

  private Interruption() {}

  /// Watches for the end of the JVM on behalf of the calling thread; called once, by the program
  /// and never by a test.
  public static void watch() {
    Thread worker = Thread.currentThread();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(worker), "duovox-interruption"));
  }

  /// Whether a signal asked the process to end.
  static boolean requested() {
    return REQUESTED.get();
  }

  /// Ends the task of the calling thread when a signal came; called between steps.
  ///
  /// @throws Stopped when the thread was interrupted or the process was asked to end
  static void check() {
    if (requested() || Thread.currentThread().isInterrupted()) {
      throw new Stopped();
    }
  }

  /// Ends the JVM with `code`, or lets the signal's own code stand.
  public static void finish(int code) {
    FINISHED.countDown();
    if (!requested()) {
      System.exit(code);
    }
  }

  private static void stop(Thread worker) {
    if (FINISHED.getCount() == 0) {
      return;
    }
    REQUESTED.set(true);
    worker.interrupt();
    try {
      if (!FINISHED.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        System.err.println("duovox: the work did not stop in time; ending it");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
