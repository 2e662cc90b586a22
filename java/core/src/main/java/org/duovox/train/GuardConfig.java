package org.duovox.train;

import org.duovox.DuovoxException;
import org.duovox.internal.NativeTrainer;

/// What stops or warns a training that goes wrong.
///
/// @param maxSkipped steps that were skipped since their loss or gradient was not finite, over
///   reports in a row that have any, at which the training stops; 10
/// @param spikeThreshold a loss so many standard deviations above its running mean is a spike; 6; 0
///   = none is
/// @param spikeSkip whether the update of a spike is skipped; false
/// @param spikeWarmup steps before the running mean is trusted; 100
public record GuardConfig(
    int maxSkipped, double spikeThreshold, boolean spikeSkip, int spikeWarmup) {

  public GuardConfig {
    require(maxSkipped >= 1, "max_skipped must be at least 1");
    require(
        spikeThreshold == 0 || (spikeThreshold >= 1 && spikeThreshold <= 1e6),
        "spike_threshold must be 0 (off) or 1 to 1000000");
    require(spikeWarmup >= 0, "spike_warmup must not be negative");
  }

  /// Stop after 10 skipped steps, count spikes of 6 standard deviations.
  public static GuardConfig defaults() {
    return new GuardConfig(10, 6, false, 100);
  }

  NativeTrainer.Spikes spikes() {
    return new NativeTrainer.Spikes(spikeThreshold, spikeSkip, spikeWarmup);
  }

  private static void require(boolean condition, String rule) {
    if (!condition) {
      throw DuovoxException.config("guards: " + rule);
    }
  }
}
