package org.duovox.train;

import java.util.Optional;
import org.duovox.internal.NativeTrainer;
import org.duovox.model.UnitModel;

/// What one training differs in from any other: its model, its batches, its objective and what is
/// said about it. [Training] does the rest.
public interface TrainTask {
  /// The section of the settings that messages name: `pretrain`, `slu`.
  String section();

  /// The model to train, as it is before the first step.
  UnitModel model();

  /// Which utterances are read in which step.
  TrainPlan plan();

  /// Reports, checkpoints, guards.
  LoopConfig loop();

  /// Objective, optimizer and schedule.
  NativeTrainer.Config optimizer();

  /// What was decided, for `train.json`.
  RunSettings settings();

  /// What the passes over a row cost in memory.
  ActivationCost cost();

  /// Measures the held-out utterances; empty when there are none. The caller closes it.
  default Optional<Validation> validation() {
    return Optional.empty();
  }

  /// A report in words, for the console and its log.
  default String format(TrainLine line, Timing timing) {
    return TrainLog.format(line, timing);
  }

  /// Writes what belongs into the folder of a run beside its settings, at every start.
  default void describe(RunFolder run) {}

  /// Says and measures what is worth knowing before the first step of a new run.
  default void beforeFirstStep(
      RunFolder run, Optional<Validation> validation, TrainListener listener) {}
}
