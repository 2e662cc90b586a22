package org.duovox.cli.console;

/// Measures the time since it was made, also relative to the duration of audio.
public final class Stopwatch {
  private final long start = System.nanoTime();

  /// Returns the seconds so far.
  public double seconds() {
    return (System.nanoTime() - start) / 1e9;
  }

  /// Returns how many times faster than real time audio of this duration was processed.
  public double xRealTime(double audioSeconds) {
    return audioSeconds / Math.max(seconds(), 1e-9);
  }
}
