package org.duovox.cli;

/// Measures how long a verb works, from its making on.
final class Clock {
  private final long start = System.nanoTime();

  /// Seconds so far.
  double seconds() {
    return (System.nanoTime() - start) / 1e9;
  }

  /// How many times faster than the audio lasts.
  double xRealTime(double audioSeconds) {
    return audioSeconds / Math.max(seconds(), 1e-9);
  }
}
