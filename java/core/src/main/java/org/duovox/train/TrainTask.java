package org.duovox.train;

import java.util.Optional;
import org.duovox.internal.NativeTrainer;
import org.duovox.model.UnitModel;
import org.duovox.train.data.TrainPlan;
import org.duovox.train.log.TrainLine;
import org.duovox.train.log.TrainListener;
import org.duovox.train.memory.MemoryForecast;
import org.duovox.train.memory.MemoryForecast.ActivationCost;
import org.duovox.train.run.LoopConfig;
import org.duovox.train.run.RunFolder;
import org.duovox.train.run.RunSettings;

/// What one kind of training (pretraining, a classifier) adds to [Training]: its settings, and what
/// it measures and says.
public interface TrainTask {
  /// What is decided before the first step.
  ///
  /// @param section of the settings that messages name: `pretrain`, `slu`
  /// @param model to train, as it is before the first step; the caller closes it
  /// @param plan which utterances are read in which step
  /// @param loop reports, checkpoints, guards
  /// @param optimizer objective, optimizer and schedule
  /// @param settings for `train.json`
  /// @param cost of the passes over a row, in memory
  record Basis(
      String section,
      UnitModel model,
      TrainPlan plan,
      LoopConfig loop,
      NativeTrainer.Config optimizer,
      RunSettings settings,
      ActivationCost cost) {
    /// Returns what the training needs memory for.
    MemoryForecast.Needs needs() {
      return new MemoryForecast.Needs(section, model, plan, loop.ringSlots(), cost);
    }
  }

  /// Returns what is decided before the first step.
  Basis basis();

  /// Returns the validation on held-out utterances; empty when there are none. The caller closes
  /// it.
  default Optional<Validation> validation() {
    return Optional.empty();
  }

  /// Formats a report for the console and its log.
  default String format(TrainLine line, TrainLine.Timing timing) {
    return line.text(timing);
  }

  /// Writes what belongs into the folder of a run beside its settings, at every start.
  default void describe(RunFolder run) {}

  /// Measures what is worth knowing before the first step of a new run, and reports it.
  default void beforeFirstStep(
      RunFolder run, Optional<Validation> validation, TrainListener listener) {}
}
