package org.duovox.cli.console;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// Ends the program at Ctrl-C and SIGTERM: interrupts the working thread, which stops between two
/// steps and removes what is half-written, and only then lets the JVM exit. Otherwise native code
/// could still run while the process is taken down.
public final class Interruption {
  private static final long PATIENCE_SECONDS = 20;

  private static final AtomicBoolean REQUESTED = new AtomicBoolean();
  private static final CountDownLatch FINISHED = new CountDownLatch(1);

  /// Thrown between two steps of a task after a signal asked the process to end.
  public static final class Stopped extends CancellationException {
    private static final long serialVersionUID = 1;

    private final int exitCode;

    public Stopped() {
      this(FailureHandler.INTERRUPTED);
    }

    /// @param exitCode that of the signal, 128 + its number
    public Stopped(int exitCode) {
      super("interrupted");
      this.exitCode = exitCode;
    }

    int exitCode() {
      return exitCode;
    }
  }

  private Interruption() {}

  /// Installs the shutdown hook that interrupts the calling thread; called once, by the program and
  /// never by a test.
  public static void watch() {
    Thread worker = Thread.currentThread();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(worker), "duovox-interruption"));
  }

  /// Returns whether a signal asked the process to end.
  static boolean requested() {
    return REQUESTED.get();
  }

  /// Ends the task of the calling thread after a signal; called between steps.
  ///
  /// @throws Stopped when the thread was interrupted or the process was asked to end
  static void check() {
    if (requested() || Thread.currentThread().isInterrupted()) {
      throw new Stopped();
    }
  }

  /// Exits the JVM with `code`, or leaves it to exit with the signal's code.
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
