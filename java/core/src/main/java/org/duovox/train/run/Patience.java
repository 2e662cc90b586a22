package org.duovox.train.run;

import org.duovox.train.log.TrainLine;

/// The lowest validation loss so far, and whether to wait for a lower one.
final class Patience {
  /// What is remembered from validation to validation; part of a checkpoint.
  ///
  /// @param step of the lowest loss; 0 before the first validation
  /// @param since validations after it
  record Memory(long step, double loss, int since) {
    static final Memory NOTHING = new Memory(0, Double.MAX_VALUE, 0);
  }

  private final int limit;
  private Memory memory;

  /// @param limit validations without a lower loss that are one too many; 0 = none are
  Patience(int limit, Memory memory) {
    this.limit = limit;
    this.memory = memory;
  }

  /// Takes a validation in; whether its loss is the lowest so far. A loss that is no number is not,
  /// nor one that leaves out a batch that was not finite.
  boolean isBest(TrainLine validation) {
    boolean best = validation.loss() < memory.loss() && validation.health().skipped() == 0;
    memory =
        best
            ? new Memory(validation.step(), validation.loss(), 0)
            : new Memory(memory.step(), memory.loss(), memory.since() + 1);
    return best;
  }

  /// Whether there was no lower loss for too long.
  boolean isLost() {
    return limit > 0 && memory.since() >= limit;
  }

  Memory memory() {
    return memory;
  }
}
