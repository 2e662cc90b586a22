package org.duovox.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/// How busy the machine is while the bench itself waits.
///
/// @param average the load average of the last minute, which still holds the bench's own forks
/// @param busy share of the processors' time of one second that somebody used
record Load(double average, double busy) {
  private static final double MOST_BUSY = 0.1;

  /// Measures for one second.
  static Load now() {
    long[] before = times();
    try {
      Thread.sleep(1_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
    return new Load(
        Double.parseDouble(text("/proc/loadavg").split(" ", 2)[0]), busy(before, times()));
  }

  /// Returns whether timings would measure others too: a tenth of the processors' time in use, or a
  /// load average that the bench's own threads do not explain.
  boolean tooHigh(int cores) {
    return busy > MOST_BUSY || average > cores + 0.5;
  }

  String text() {
    return "load average %.2f, processors %.0f %% busy".formatted(average, 100 * busy);
  }

  private static long[] times() {
    return times(text("/proc/stat"));
  }

  /// Reads the kernel's first line, `cpu user nice system idle iowait irq softirq steal ...`.
  ///
  /// @return time without work, and all time; a guest's is part of user's
  static long[] times(String stat) {
    long[] fields =
        Stream.of(stat.lines().findFirst().orElseThrow().trim().split("\\s+"))
            .skip(1)
            .limit(8)
            .mapToLong(Long::parseLong)
            .toArray();
    return new long[] {fields[3] + fields[4], LongStream.of(fields).sum()};
  }

  static double busy(long[] before, long[] after) {
    long all = after[1] - before[1];
    return all > 0 ? 1 - (after[0] - before[0]) / (double) all : 0;
  }

  private static String text(String file) {
    try {
      return Files.readString(Path.of(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
