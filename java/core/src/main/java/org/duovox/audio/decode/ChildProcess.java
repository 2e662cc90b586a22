package org.duovox.audio.decode;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.duovox.DuovoxException;

/// A child process whose output is read: it dies with its owner or at its time limit, in which the
/// time that its reader keeps it waiting does not count; the end of its error output is kept.
final class ChildProcess implements AutoCloseable {
  private static final int LINES = 3;
  private static final int LINE_LENGTH = 300;
  private static final int PIECE = 1 << 16;

  private final Process process;
  private final Thread feeder;
  private final Thread errorReader;
  private volatile IOException inputFailure;
  private final Deque<String> errorLines = new ArrayDeque<>();
  private volatile CompletableFuture<Void> watchdog;
  private final AtomicLong deadline;
  private volatile boolean timedOut;

  private ChildProcess(Process process, Duration limit, InputStream input) {
    this.process = process;
    feeder = Thread.ofPlatform().daemon().name("child-input").start(() -> feed(input));
    errorReader = Thread.ofPlatform().daemon().name("child-errors").start(this::readErrors);
    deadline = new AtomicLong(System.nanoTime() + limit.toNanos());
    watch();
  }

  /// Ends the process when its time is up; looks again later when it has got more meanwhile.
  private void watch() {
    watchdog =
        process
            .onExit()
            .thenAccept(done -> {})
            .orTimeout(Math.max(1, deadline.get() - System.nanoTime()), TimeUnit.NANOSECONDS)
            .whenComplete((done, failure) -> {
              if (failure instanceof TimeoutException && deadline.get() > System.nanoTime()) {
                watch();
              } else if (failure instanceof TimeoutException) {
                stop();
              }
            });
  }

  /// Gives it the time back that its reader spent elsewhere.
  void allow(long nanos) {
    deadline.addAndGet(nanos);
  }

  static ChildProcess start(ProcessBuilder builder, Duration limit) {
    return start(builder, limit, InputStream.nullInputStream());
  }

  /// Starts one that reads the input, which is closed.
  static ChildProcess start(ProcessBuilder builder, Duration limit, InputStream input) {
    try {
      return new ChildProcess(builder.start(), limit, input);
    } catch (IOException e) {
      throw DuovoxException.unavailable(
          "cannot start " + builder.command().getFirst() + ": " + DuovoxException.reason(e), e);
    }
  }

  private void feed(InputStream input) {
    try (input;
        OutputStream out = process.getOutputStream()) {
      byte[] piece = new byte[PIECE];
      for (int n = read(input, piece); n >= 0; n = read(input, piece)) {
        out.write(piece, 0, n);
      }
    } catch (IOException e) {
      // The process takes no more; its status says why.
    }
  }

  private int read(InputStream input, byte[] piece) {
    try {
      return input.read(piece);
    } catch (IOException e) {
      inputFailure = e;
      return -1;
    }
  }

  InputStream output() {
    return process.getInputStream();
  }

  /// Waits for the end of the process and returns its exit status.
  ///
  /// @throws IOException when its input could not be read
  int waitFor() throws IOException, InterruptedException {
    int status = process.waitFor();
    feeder.join();
    errorReader.join();
    if (inputFailure != null) {
      throw inputFailure;
    }
    return status;
  }

  boolean timedOut() {
    return timedOut;
  }

  /// The last lines of its error output, in one line.
  synchronized String errors() {
    return String.join("; ", errorLines);
  }

  @Override
  public void close() {
    watchdog.cancel(false);
    process.destroyForcibly();
  }

  private void stop() {
    timedOut = true;
    // Through the handle, which leaves the streams open: their reader sees the end, not an error.
    process.toHandle().destroyForcibly();
  }

  private void readErrors() {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        keep(line.strip());
      }
    } catch (IOException e) {
      // The process was destroyed; what was kept is all there is.
    }
  }

  private synchronized void keep(String line) {
    if (line.isEmpty()) {
      return;
    }
    errorLines.add(line.substring(0, Math.min(line.length(), LINE_LENGTH)));
    if (errorLines.size() > LINES) {
      errorLines.removeFirst();
    }
  }
}
