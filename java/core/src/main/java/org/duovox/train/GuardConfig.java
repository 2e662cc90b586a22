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
/// @param partMib most MiB that the passes over a part of a step may take, by forecast; a batch
///   that takes more is cut, which changes the last bits; 0 = a quarter of the machine's memory,
///   rounded down to a power of two, 64 to 4096
public record GuardConfig(
    int maxSkipped, double spikeThreshold, boolean spikeSkip, int spikeWarmup, long partMib) {
  private static final long MOST_MIB = 1L << 30;

  public GuardConfig {
    require(maxSkipped >= 1, "max_skipped must be at least 1");
    require(
        spikeThreshold == 0 || (spikeThreshold >= 1 && spikeThreshold <= 1e6),
        "spike_threshold must be 0 (off) or 1 to 1000000");
    require(spikeWarmup >= 0, "spike_warmup must not be negative");
    require(partMib >= 0 && partMib <= MOST_MIB, "part_mib must be 0 (automatic) to 1073741824");
  }

  /// Stop after 10 skipped steps, count spikes of 6 standard deviations.
  public static GuardConfig defaults() {
    return new GuardConfig(10, 6, false, 100, 0);
  }

  /// When a loss is a spike, for the native trainer.
  public NativeTrainer.Spikes spikes() {
    return new NativeTrainer.Spikes(spikeThreshold, spikeSkip, spikeWarmup);
  }

  /// The same without what may change when a run goes on.
  public GuardConfig essence() {
    GuardConfig d = defaults();
    return new GuardConfig(d.maxSkipped(), spikeThreshold, spikeSkip, spikeWarmup, d.partMib());
  }

  private static void require(boolean condition, String rule) {
    if (!condition) {
      throw DuovoxException.config("guards: " + rule);
    }
  }
}
