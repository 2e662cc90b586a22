package org.duovox.cli.console;

/// Measures how long a verb works, from its making on.
public final class Clock {
  private final long start = System.nanoTime();

  /// Seconds so far.
  public double seconds() {
    return (System.nanoTime() - start) / 1e9;
  }

  /// How many times faster than the audio lasts.
  public double xRealTime(double audioSeconds) {
    return audioSeconds / Math.max(seconds(), 1e-9);
  }
}
