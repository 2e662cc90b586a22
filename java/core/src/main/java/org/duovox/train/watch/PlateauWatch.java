package org.duovox.train.watch;

import java.util.Locale;
import java.util.Optional;
import org.duovox.train.log.TrainLine;
import org.duovox.train.log.TrainLine.Kind;

/// Warns of a loss that no longer falls: that of the training, or that of the held-out utterances.
///
/// Reports of a training loss are noisy, so its lowest value must be beaten within the patience,
/// not the previous value. Warm-up does not count: a loss may well stand still before its end.
final class PlateauWatch implements Watches.Watch {
  private final Kind kind;
  private final int patience;
  private final double share;
  private double best = Double.POSITIVE_INFINITY;
  private long bestStep;
  private int since;
  private boolean told;
  private double rate;

  private PlateauWatch(Kind kind, int patience, double share) {
    this.kind = kind;
    this.patience = patience;
    this.share = share;
  }

  static PlateauWatch ofTraining(Watches.Config config) {
    return new PlateauWatch(Kind.TRAIN, config.plateauReports(), config.plateauShare());
  }

  static PlateauWatch ofValidation(Watches.Config config) {
    return new PlateauWatch(Kind.VALIDATION, config.plateauValidations(), config.plateauShare());
  }

  @Override
  public Optional<String> see(TrainLine line) {
    if (line.kind() != kind || patience == 0) {
      return Optional.empty();
    }
    boolean warmingUp = kind == Kind.TRAIN && line.learningRate() > rate && rate > 0;
    rate = line.learningRate();
    if (line.loss() < best * (1 - share)) {
      best = line.loss();
      bestStep = line.step();
      since = 0;
      told = false;
      return Optional.empty();
    }
    since += warmingUp || Double.isInfinite(best) ? 0 : 1;
    if (since < patience || told) {
      return Optional.empty();
    }
    told = true;
    return Optional.of(kind == Kind.TRAIN ? training(line) : validation(line));
  }

  private String training(TrainLine line) {
    return String.format(
        Locale.ROOT,
        "plateau: the training loss has not fallen below %.4f (step %d) in %d reports, now step %d;"
            + " the model has learnt what it can at this learning rate (%.2e): try a higher or a"
            + " lower one, a longer warm-up, a larger model, or end here",
        best,
        bestStep,
        since,
        line.step(),
        line.learningRate());
  }

  private String validation(TrainLine line) {
    return String.format(
        Locale.ROOT,
        "plateau: the validation loss has not fallen below %.4f (step %d) in %d validations, now"
            + " %.4f at step %d; while the training loss still falls this is overfitting: keep the"
            + " model of step %d, end earlier (validation.patience), raise model.dropout or take"
            + " more data",
        best,
        bestStep,
        since,
        line.loss(),
        line.step(),
        bestStep);
  }
}
