package org.duovox.train;

import org.duovox.internal.NativeTrainer;
import org.duovox.model.UnitModel;
import org.duovox.train.data.TrainPlan;
import org.duovox.train.memory.ActivationCost;
import org.duovox.train.memory.MemoryForecast;
import org.duovox.train.run.RunSettings;

/// What every training has, decided before its first step.
///
/// @param section of the settings that messages name: `pretrain`, `slu`
/// @param model to train, as it is before the first step; the caller closes it
/// @param plan which utterances are read in which step
/// @param loop reports, checkpoints, guards
/// @param optimizer objective, optimizer and schedule
/// @param settings what was decided, for `train.json`
/// @param cost of the passes over a row, in memory
public record TrainBasis(
    String section,
    UnitModel model,
    TrainPlan plan,
    LoopConfig loop,
    NativeTrainer.Config optimizer,
    RunSettings settings,
    ActivationCost cost) {
  /// What it needs memory for.
  MemoryForecast.Needs needs() {
    return new MemoryForecast.Needs(section, model, plan, loop.ringSlots(), cost);
  }
}
