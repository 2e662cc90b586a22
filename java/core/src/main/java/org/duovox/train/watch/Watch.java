package org.duovox.train.watch;

import java.util.Optional;
import org.duovox.train.log.TrainLine;

/// Looks at the lines of a training for one sign that it goes wrong.
///
/// What it knows follows from the lines alone, in their order: a training that goes on shows it the
/// earlier ones again.
interface Watch {
  /// Takes a line in; the warning when an episode begins that was not told yet.
  Optional<String> see(TrainLine line);
}
