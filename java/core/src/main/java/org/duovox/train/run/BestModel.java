package org.duovox.train.run;

import java.util.function.Consumer;
import org.duovox.DuovoxException;
import org.duovox.model.UnitModel;
import org.duovox.train.log.TrainLine;

/// The model of the lowest validation loss: kept while a training goes on, and its result at the
/// end, where the settings want that.
public final class BestModel {
  private final boolean remembered;
  private final Patience patience;
  private final Checkpoints checkpoints;
  private final UnitModel model;
  private boolean validated;

  /// @param model that is trained
  /// @param before what an earlier process remembered
  public BestModel(
      ValidationConfig config, Checkpoints checkpoints, UnitModel model, Patience.Memory before) {
    this.remembered = config.remembersBest();
    this.patience = new Patience(config.patience(), before);
    this.checkpoints = checkpoints;
    this.model = model;
  }

  /// Takes a validation in, and keeps the model if its loss is the lowest so far.
  public void see(TrainLine validation) {
    validated = true;
    if (patience.isBest(validation) && remembered) {
      checkpoints.saveBest(model, validation.step());
    }
  }

  /// Whether there was no lower loss for too long.
  public boolean isLost() {
    return patience.isLost();
  }

  public Patience.Memory memory() {
    return patience.memory();
  }

  /// Step of the lowest loss; 0 when it is not remembered.
  public long step() {
    return remembered ? memory().step() : 0;
  }

  /// Sets the model to the best one, if it is another than the last; the step of what it is now.
  ///
  /// @param last step of the training
  public long restore(long last, Consumer<String> warnings) {
    if (remembered && validated && memory().step() == 0) {
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
