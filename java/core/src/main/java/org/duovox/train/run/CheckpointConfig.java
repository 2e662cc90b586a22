package org.duovox.train.run;

import org.duovox.DuovoxException;

/// When a run saves itself, and how much of that it keeps.
///
/// @param everySteps steps between checkpoints; 0 = by time
/// @param everyMinutes time between checkpoints when `everySteps` is 0; 10, and never less than a
///   hundred times what saving takes, so that it costs less than 1 % of the time
/// @param keep newest checkpoints that are kept; 2, and at least 2: a disk may damage one; 0 = none
///   are written: a run that is stopped begins anew
public record CheckpointConfig(long everySteps, double everyMinutes, int keep) {

  public CheckpointConfig {
    if (everySteps < 0) {
      throw DuovoxException.config("checkpoints: every_steps must not be negative");
    }
    if (!(everyMinutes > 0 && everyMinutes <= 100_000)) {
      throw DuovoxException.config(
          "checkpoints: every_minutes must be above 0 and at most 100000, but is " + everyMinutes);
    }
    if (keep < 2 && keep != 0) {
      throw DuovoxException.config(
          "checkpoints: keep must be at least 2, or 0 for none, but is %d; one alone may be damaged"
              .formatted(keep));
    }
  }

  /// Every 10 minutes, the last two kept.
  public static CheckpointConfig defaults() {
    return new CheckpointConfig(0, 10, 2);
  }
}
