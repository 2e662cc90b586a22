package org.duovox.train;

import org.duovox.train.run.CheckpointConfig;
import org.duovox.train.run.ValidationConfig;

/// What every training is told about its loop, whatever it trains.
///
/// @param accumulation batches that make one step
/// @param reportEvery steps between lines
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

  /// Slots of the ring: the batches of a step, and those loaded ahead.
  public int ringSlots() {
    return slots + accumulation - 1;
  }
}
