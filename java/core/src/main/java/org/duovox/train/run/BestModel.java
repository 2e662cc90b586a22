package org.duovox.train.run;

import java.util.function.Consumer;
import org.duovox.DuovoxException;
import org.duovox.model.UnitModel;
import org.duovox.train.log.TrainLine;
import org.duovox.train.run.LoopConfig.ValidationConfig;

/// Keeps the model of the lowest validation loss while a training goes on, makes it the run's model
/// at the end, and stops early; as far as the settings want that.
public final class BestModel {
  /// What is remembered from validation to validation; a checkpoint keeps it.
  ///
  /// @param step of the lowest loss; 0 before the first validation
  /// @param loss the lowest
  /// @param since validations after it
  public record Memory(long step, double loss, int since) {
    static final Memory NOTHING = new Memory(0, Double.MAX_VALUE, 0);
  }

  /// Decides which validation is the best, and when to wait no longer for a better one.
  static final class Patience {
    private final int limit;
    private Memory memory;

    /// @param limit validations in a row without a lower loss that end the training; 0 = none do
    Patience(int limit, Memory memory) {
      this.limit = limit;
      this.memory = memory;
    }

    /// Takes a validation in; returns whether its loss is the lowest so far. A loss that is not a
    /// number is not, nor is one that leaves out a batch that was not finite.
    boolean isBest(TrainLine validation) {
      boolean best = validation.loss() < memory.loss() && validation.health().skipped() == 0;
      memory =
          best
              ? new Memory(validation.step(), validation.loss(), 0)
              : new Memory(memory.step(), memory.loss(), memory.since() + 1);
      return best;
    }

    /// Returns whether there was no lower loss for too long.
    boolean isExhausted() {
      return limit > 0 && memory.since() >= limit;
    }

    Memory memory() {
      return memory;
    }
  }

  private final boolean kept;
  private final Patience patience;
  private final Checkpoints checkpoints;
  private final UnitModel model;
  private boolean validated;

  /// @param model that is trained
  /// @param start what an earlier process remembered
  public BestModel(
      ValidationConfig config,
      Checkpoints checkpoints,
      UnitModel model,
      CheckpointState.Position start) {
    this.kept = config.keepsBest();
    this.patience = new Patience(config.patience(), start.best());
    this.checkpoints = checkpoints;
    this.model = model;
  }

  /// Takes a validation in, and keeps the model if its loss is the lowest so far.
  public void see(TrainLine validation) {
    validated = true;
    if (patience.isBest(validation) && kept) {
      checkpoints.saveBest(model, validation.step());
    }
  }

  /// Returns whether to stop early: there was no lower loss for too long.
  public boolean stopsEarly() {
    return patience.isExhausted();
  }

  /// Returns what a checkpoint keeps.
  public Memory memory() {
    return patience.memory();
  }

  /// Returns the step of the lowest loss; 0 when its model is not kept.
  public long step() {
    return kept ? memory().step() : 0;
  }

  /// Sets the model to the best one, if that is not the last; returns the step of the model.
  ///
  /// @param last step of the training
  /// @param warnings receives a text when there is no best model, or when it cannot be read
  public long restore(long last, Consumer<String> warnings) {
    if (kept && validated && memory().step() == 0) {
      warnings.accept("no validation had a loss that is a number; the run's model is the last one");
    }
    if (step() == 0 || step() == last) {
      return last;
    }
    try {
      checkpoints.restoreBest(model, step());
      return step();
    } catch (DuovoxException e) {
      warnings.accept(
          "the best model, of step %d, cannot be read (%s); the run's model is the last one"
              .formatted(step(), e.getMessage()));
      return last;
    }
  }
}
