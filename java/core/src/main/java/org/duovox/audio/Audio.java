package org.duovox.audio;

import java.util.Arrays;
import java.util.Objects;

/// Mono audio.
///
/// @param samples nominally in [-1, 1]; float files may exceed that and are not clipped
/// @param sampleRate samples per second
public record Audio(float[] samples, int sampleRate) {

  /// Takes the audio of a file piece by piece, so that nobody holds a long file.
  @FunctionalInterface
  public interface Sink {
    /// Takes the next samples, at least one; the array is the receiver's to keep.
    void samples(float[] samples);
  }

  public Audio {
    Objects.requireNonNull(samples, "samples");
    if (sampleRate <= 0) {
      throw new IllegalArgumentException("sample rate " + sampleRate);
    }
  }

  /// Duration in seconds.
  public double seconds() {
    return (double) samples.length / sampleRate;
  }

  /// Returns this audio at another rate, by [Resampler].
  public Audio resample(int rate) {
    return new Audio(Resampler.of(sampleRate, rate).apply(samples), rate);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Audio that
        && sampleRate == that.sampleRate
        && Arrays.equals(samples, that.samples);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(samples) + sampleRate;
  }

  @Override
  public String toString() {
    return "Audio[" + samples.length + " samples at " + sampleRate + " Hz]";
  }
}
