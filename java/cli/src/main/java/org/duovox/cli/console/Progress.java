package org.duovox.cli.console;

import java.io.PrintWriter;
import java.time.Duration;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/// Progress on standard error: a bar with the remaining time on a terminal, elsewhere a line every
/// ten seconds.
///
/// Every long task reports here between its steps, so this is also where Ctrl-C ends it.
public abstract class Progress implements AutoCloseable {
  /// Shows how much is done, and ends the task after Ctrl-C.
  ///
  /// @param total -1 when it is unknown
  /// @param remark a few words shown beside; may be ""
  /// @throws Interruption.Stopped when the process was asked to end
  public final void update(long done, long total, String remark) {
    Interruption.check();
    show(done, total, remark);
  }

  /// The same, but leaves it to the caller to end the task.
  public abstract void show(long done, long total, String remark);

  /// Prints a line that stays, above the bar.
  public abstract void line(String text);

  @Override
  public void close() {}

  /// Returns a progress that shows nothing.
  public static Progress none() {
    return new Progress() {
      @Override
      public void show(long done, long total, String remark) {}

      @Override
      public void line(String text) {}
    };
  }

  /// Returns the progress of a task on a terminal or another stream.
  static Progress on(PrintWriter err, String task, long total, String unit) {
    return isTerminal() ? new Bar(err, task, total, unit) : new Lines(err, task, unit);
  }

  private static boolean isTerminal() {
    return System.console() != null && System.console().isTerminal() && System.getenv("CI") == null;
  }

  private static final class Bar extends Progress {
    private static final int WIDTH = 100;
    private static final String CLEAR = "\r\u001b[K";

    private final PrintWriter err;
    private final ProgressBar bar;

    Bar(PrintWriter err, String task, long total, String unit) {
      this.err = err;
      bar =
          new ProgressBarBuilder()
              .setTaskName(task)
              .setInitialMax(total)
              .setStyle(ProgressBarStyle.ASCII)
              .setUnit(" " + unit, 1)
              .setUpdateIntervalMillis(250)
              .setConsumer(new DelegatingProgressBarConsumer(this::draw, WIDTH))
              .build();
    }

    @Override
    public void show(long done, long total, String remark) {
      bar.maxHint(total);
      bar.stepTo(done);
      bar.setExtraMessage(remark);
    }

    @Override
    public void line(String text) {
      err.println(CLEAR + text);
      err.flush();
    }

    @Override
    public void close() {
      bar.close();
      err.println();
      err.flush();
    }

    private void draw(String text) {
      err.print(CLEAR + text);
      err.flush();
    }
  }

  private static final class Lines extends Progress {
    private static final long INTERVAL_NANOS = Duration.ofSeconds(10).toNanos();

    private final PrintWriter err;
    private final String task;
    private final String unit;
    private long last = System.nanoTime();

    Lines(PrintWriter err, String task, String unit) {
      this.err = err;
      this.task = task;
      this.unit = unit;
    }

    @Override
    public void show(long done, long total, String remark) {
      long now = System.nanoTime();
      if (now - last >= INTERVAL_NANOS) {
        last = now;
        String share =
            total > 0 ? "%d of %d %s".formatted(done, total, unit) : "%d %s".formatted(done, unit);
        line("%s: %s%s".formatted(task, share, remark.isEmpty() ? "" : "  " + remark));
      }
    }

    @Override
    public void line(String text) {
      err.println(text);
    }
  }
}
