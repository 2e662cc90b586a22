package org.duovox.train.run;

import org.duovox.DuovoxException;
import org.duovox.internal.NativeTrainer;

/// Settings of the loop of a training, whatever is trained.
///
/// @param accumulation batches that make one step
/// @param reportEvery steps between reports
/// @param slots batches loaded ahead, beyond those of a step
/// @param validation when held-out utterances are measured, early stopping, best model
/// @param checkpoints when the run saves itself
/// @param guards what stops or warns a training that goes wrong, and how large a part of a step is
public record LoopConfig(
    int accumulation,
    int reportEvery,
    int slots,
    ValidationConfig validation,
    CheckpointConfig checkpoints,
    GuardConfig guards) {

  /// Returns the slots of the ring: the batches of a step, and those loaded ahead.
  public int ringSlots() {
    return slots + accumulation - 1;
  }

  /// When held-out utterances are measured, and what follows from it.
  ///
  /// @param everySteps steps between validations; 0 = after each epoch; always after the last step
  /// @param patience validations without a lower loss after which the training ends; 0 = never
  /// @param keepBest whether the run's model is the one of the lowest validation loss instead of
  ///   the last; false, but always so with a patience
  public record ValidationConfig(long everySteps, int patience, boolean keepBest) {

    public ValidationConfig {
      if (everySteps < 0 || patience < 0) {
        throw DuovoxException.config(
            "validation: every_steps and patience must not be negative, but are %d and %d"
                .formatted(everySteps, patience));
      }
    }

    /// Returns the default: validate after each epoch, without consequences.
    public static ValidationConfig defaults() {
      return new ValidationConfig(0, 0, false);
    }

    /// Returns whether the best model is kept.
    boolean keepsBest() {
      return keepBest || patience > 0;
    }

    /// Returns whether a validation follows a step.
    public boolean isDue(long step, boolean epochEnds) {
      return everySteps == 0 ? epochEnds : step % everySteps == 0;
    }
  }

  /// When a run saves itself, and how many of its checkpoints it keeps.
  ///
  /// @param everySteps steps between checkpoints; 0 = by time
  /// @param everyMinutes time between checkpoints when `everySteps` is 0; 10, and never less than a
  ///   hundred times what saving takes, so that it costs less than 1 % of the time
  /// @param keep newest checkpoints that are kept; 2, and at least 2: a disk may damage one; 0 =
  ///   none are written: a run that is stopped begins anew
  public record CheckpointConfig(long everySteps, double everyMinutes, int keep) {

    public CheckpointConfig {
      if (everySteps < 0) {
        throw DuovoxException.config("checkpoints: every_steps must not be negative");
      }
      if (!(everyMinutes > 0 && everyMinutes <= 100_000)) {
        throw DuovoxException.config(
            "checkpoints: every_minutes must be above 0 and at most 100000, but is "
                + everyMinutes);
      }
      if (keep < 2 && keep != 0) {
        throw DuovoxException.config(
            "checkpoints: keep must be at least 2, or 0 for none, but is %d; one alone may be damaged"
                .formatted(keep));
      }
    }

    /// Returns the default: save every 10 minutes, keep the last two.
    public static CheckpointConfig defaults() {
      return new CheckpointConfig(0, 10, 2);
    }
  }

  /// What stops or warns a training that goes wrong.
  ///
  /// @param maxSkipped steps skipped because their loss or gradient was not finite, over successive
  ///   reports that have any, at which the training stops; 10
  /// @param spikeThreshold standard deviations above its running mean at which a loss is a spike;
  ///   6; 0 = never
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

    /// Returns the default: stop after 10 skipped steps, count spikes of 6 standard deviations.
    public static GuardConfig defaults() {
      return new GuardConfig(10, 6, false, 100, 0);
    }

    /// Returns when a loss is a spike, for the native trainer.
    public NativeTrainer.Spikes spikes() {
      return new NativeTrainer.Spikes(spikeThreshold, spikeSkip, spikeWarmup);
    }

    /// Returns the same without what may change when a run is resumed.
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
}
