package org.duovox.train.watch;

import java.util.List;
import java.util.function.LongFunction;
import org.duovox.DuovoxException;
import org.duovox.DuovoxException.Kind;
import org.duovox.train.log.TrainLine;
import org.duovox.train.log.TrainListener;

/// Watches for steps that were skipped because their loss or gradient was not finite: warns with
/// the step and its utterances, and stops a training that skips too many, or all.
public final class SkippedSteps implements TrainListener {
  private static final int LISTED = 16;

  private final String section;
  private final int limit;
  private final LongFunction<List<String>> utterances;
  private final TrainListener warnings;
  private long skipped;

  /// @param section of the settings that messages name
  /// @param limit skipped steps, over successive reports that have any, that end the training
  /// @param utterances returns the ids of the utterances that a step read
  /// @param warnings receives them
  /// @param skipped steps of the last successive reports that had any
  public SkippedSteps(
      String section,
      int limit,
      LongFunction<List<String>> utterances,
      TrainListener warnings,
      long skipped) {
    this.section = section;
    this.limit = limit;
    this.utterances = utterances;
    this.warnings = warnings;
    this.skipped = skipped;
  }

  /// Returns the skipped steps of the last successive reports that have any; a checkpoint keeps
  /// them.
  public long inRow() {
    return skipped;
  }

  /// @throws DuovoxException (DIVERGED) when too many were skipped
  @Override
  public void line(TrainLine line) {
    TrainLine.Health health = line.health();
    if (line.kind() != TrainLine.Kind.TRAIN) {
      return;
    }
    if (health.skipped() == 0) {
      skipped = 0;
      return;
    }
    skipped += health.skipped();
    String what = describe(health);
    warnings.warning(what);
    if (skipped >= limit) {
      throw diverged(
          "%d steps were not finite in a row of reports (%s.guards.max_skipped is %d), the last ones: %s"
              .formatted(skipped, section, limit, what));
    }
  }

  /// Refuses a training of so many steps when each of them was skipped: its model is the one it
  /// began with.
  ///
  /// @throws DuovoxException (DIVERGED)
  public void requireAnyTaken(long steps) {
    if (steps > 0 && skipped >= steps) {
      throw diverged("none of its %d steps was finite, so nothing was learned".formatted(steps));
    }
  }

  private DuovoxException diverged(String what) {
    return new DuovoxException(
        Kind.DIVERGED,
        ("the training diverged: %s; lower %s.learning_rate or %s.clip, or look at these utterances")
            .formatted(what, section, section));
  }

  private String describe(TrainLine.Health health) {
    long step = health.firstSkipped();
    List<String> ids = utterances.apply(step);
    String more = ids.size() > LISTED ? " and " + (ids.size() - LISTED) + " more" : "";
    return "%s skipped, loss or gradient not finite; first step %d, of utterances %s%s"
        .formatted(
            health.skipped() == 1 ? "1 step" : health.skipped() + " steps",
            step,
            String.join(", ", ids.subList(0, Math.min(LISTED, ids.size()))),
            more);
  }
}
