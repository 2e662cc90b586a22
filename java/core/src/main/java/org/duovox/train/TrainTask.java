package org.duovox.train;

import java.util.Optional;
import org.duovox.train.log.Timing;
import org.duovox.train.log.TrainLine;
import org.duovox.train.log.TrainListener;
import org.duovox.train.log.TrainLog;
import org.duovox.train.run.RunFolder;

/// What one training differs in from any other: its basis, and what is measured and said about it.
/// [Training] does the rest.
public interface TrainTask {
  /// What every training has.
  TrainBasis basis();

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
