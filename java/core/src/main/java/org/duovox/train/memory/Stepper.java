package org.duovox.train.memory;

import org.duovox.internal.NativeRing;
import org.duovox.internal.NativeTrainer;

/// Takes one step of a trainer; the place where a step that did not fit into memory is tried again
/// in smaller parts.
@FunctionalInterface
public interface Stepper {
  /// The step as it is.
  Stepper PLAIN = NativeTrainer::step;

  /// One step on the first `count` batches.
  void step(NativeTrainer trainer, NativeRing ring, NativeRing.Shape[] batches, int count);
}
