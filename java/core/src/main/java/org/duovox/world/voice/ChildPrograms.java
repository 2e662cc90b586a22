package org.duovox.world.voice;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.duovox.DuovoxException;
import org.duovox.io.FileNames;

/// Runs programs as child processes, never through a shell; closing ends those that still run. Safe
/// for use by several threads.
public final class ChildPrograms implements AutoCloseable {
  private static final File NOTHING = new File("/dev/null");
  private static final int MOST_OUTPUT = 1 << 22;
  private static final int TOLD = 300;

  private final Duration limit;
  private final ScheduledExecutorService watch;
  private final Set<Process> running = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  /// What a program that ended has said, on standard output and standard error.
  record Outcome(int status, String output) {
    /// Returns the end of what it said in a few words, for a message.
    String told() {
      String text = output.strip().replaceAll("\\s+", " ");
      return text.isEmpty()
          ? "it said nothing"
          : "it said: " + text.substring(Math.max(0, text.length() - TOLD));
    }
  }

  /// @param limit after which a program is ended
  public ChildPrograms(Duration limit) {
    this.limit = limit;
    ScheduledThreadPoolExecutor pool =
        new ScheduledThreadPoolExecutor(
            1, task -> Thread.ofPlatform().daemon().name("speech-limit").unstarted(task));
    pool.setRemoveOnCancelPolicy(true);
    watch = pool;
  }

  /// Runs a program to its end, whatever its status.
  ///
  /// @param install what to do when it is not there
  /// @throws DuovoxException (UNAVAILABLE) when it cannot be started or does not end in time
  Outcome run(List<String> command, String install) {
    Process process = start(command, install);
    running.add(process);
    AtomicBoolean late = new AtomicBoolean();
    ScheduledFuture<?> end =
        watch.schedule(
            () -> {
              late.set(true);
              kill(process);
            },
            limit.toMillis(),
            TimeUnit.MILLISECONDS);
    try {
      String output = read(process.getInputStream());
      int status = process.waitFor();
      requireInTime(late.get(), command);
      return new Outcome(status, output);
    } catch (IOException e) {
      requireInTime(late.get(), command);
      throw DuovoxException.io("cannot read what " + command.getFirst() + " says", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (CancellationException) new CancellationException("interrupted").initCause(e);
    } finally {
      end.cancel(false);
      running.remove(process);
      kill(process);
    }
  }

  private Process start(List<String> command, String install) {
    // Words go to a program in the same charset as names of files.
    command.forEach(word -> FileNames.requireLocale(command.getFirst(), word));
    try {
      return new ProcessBuilder(command).redirectErrorStream(true).redirectInput(NOTHING).start();
    } catch (IOException e) {
      throw DuovoxException.unavailable(
          "cannot start %s: %s. %s".formatted(command.getFirst(), reason(e), install), e);
    }
  }

  private static String reason(IOException e) {
    String text = DuovoxException.reason(e);
    return text.contains("No such file") ? "there is no such program" : text;
  }

  private void requireInTime(boolean late, List<String> command) {
    if (closed) {
      throw new CancellationException("stopped");
    }
    if (late) {
      throw DuovoxException.unavailable(
          "%s did not end within %d s and was stopped: %s. Try that command, or raise the limit (speech.timeout_seconds)"
              .formatted(command.getFirst(), limit.toSeconds(), shown(command)));
    }
  }

  /// Returns a command in one line, for a message.
  static String shown(List<String> command) {
    return String.join(
        " ",
        command.stream().map(word -> word.matches("[\\w./:=+@-]+") ? word : quoted(word)).toList());
  }

  private static String quoted(String word) {
    return "'" + word.replace("'", "'\\''") + "'";
  }

  private static String read(InputStream stream) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] piece = new byte[1 << 13];
    for (int n = stream.read(piece); n >= 0; n = stream.read(piece)) {
      if (bytes.size() < MOST_OUTPUT) {
        bytes.write(piece, 0, n);
      }
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  /// Ends a process and those it has started, which could keep its output open.
  private static void kill(Process process) {
    if (process.isAlive()) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  @Override
  public void close() {
    closed = true;
    running.forEach(ChildPrograms::kill);
    watch.shutdownNow();
  }
}
