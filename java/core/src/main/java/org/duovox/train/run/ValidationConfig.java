package org.duovox.train.run;

import org.duovox.DuovoxException;

/// When held-out utterances are measured, and what follows from it.
///
/// @param everySteps steps between validations; 0 = after each epoch; always after the last step
/// @param patience validations without a lower loss after which the training ends; 0 = never
/// @param keepBest whether the run's model is the one of the lowest validation loss instead of the
///   last; false, but always so with a patience
public record ValidationConfig(long everySteps, int patience, boolean keepBest) {

  public ValidationConfig {
    if (everySteps < 0 || patience < 0) {
      throw DuovoxException.config(
          "validation: every_steps and patience must not be negative, but are %d and %d"
              .formatted(everySteps, patience));
    }
  }

  /// After each epoch, to look at only.
  public static ValidationConfig defaults() {
    return new ValidationConfig(0, 0, false);
  }

  /// Whether the best model is remembered.
  boolean remembersBest() {
    return keepBest || patience > 0;
  }

  /// Whether a validation follows a step.
  public boolean isDue(long step, boolean epochEnds) {
    return everySteps == 0 ? epochEnds : step % everySteps == 0;
  }
}
