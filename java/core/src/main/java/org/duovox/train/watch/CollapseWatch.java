package org.duovox.train.watch;

import java.util.Locale;
import java.util.Optional;
import org.duovox.train.log.TrainLine;
import org.duovox.train.log.TrainLine.Health;
import org.duovox.train.log.TrainLine.Kind;

/// Warns of predictions that are nearly always the same code, and of true codes that hardly vary.
///
/// Only training reports count. A model predicts the most frequent code for a while before it
/// learns more, so constant predictions are reported only when they last.
final class CollapseWatch implements Watches.Watch {
  private static final int LASTING = 3;
  private static final double TIMES = 10;

  private final Watches.Config config;
  private int constant;
  private boolean toldPredictions;
  private boolean toldTargets;

  CollapseWatch(Watches.Config config) {
    this.config = config;
  }

  @Override
  public Optional<String> see(TrainLine line) {
    Health health = line.health();
    // Without targets, or from a version that did not measure it, nothing is known.
    if (line.kind() != Kind.TRAIN || line.targets() == 0 || !(health.targetTop() > 0)) {
      return Optional.empty();
    }
    if (health.targetTop() >= config.targetTop()) {
      boolean first = !toldTargets;
      toldTargets = true;
      return first ? Optional.of(targets(line)) : Optional.empty();
    }
    toldTargets = false;
    constant = isConstant(health) ? constant + 1 : 0;
    boolean lasting = constant >= LASTING;
    boolean first = lasting && !toldPredictions;
    toldPredictions = lasting;
    return first ? Optional.of(predictions(line)) : Optional.empty();
  }

  private boolean isConstant(Health health) {
    boolean one = health.predictedTop() > config.collapseTop();
    boolean flat =
        health.predictedEntropy() < config.collapseEntropy()
            && health.targetEntropy() > TIMES * config.collapseEntropy();
    return one || flat;
  }

  private String predictions(TrainLine line) {
    return String.format(
        Locale.ROOT,
        "collapse: at step %d one code makes up %.1f %% of the predictions (entropy %.3f nats),"
            + " while the commonest true code has %.1f %% (entropy %.2f): the model ignores its"
            + " input; try a lower learning rate, a longer warm-up, or pretrain.mcr_weight smaller",
        line.step(),
        100 * line.health().predictedTop(),
        line.health().predictedEntropy(),
        100 * line.health().targetTop(),
        line.health().targetEntropy());
  }

  private static String targets(TrainLine line) {
    return String.format(
        Locale.ROOT,
        "collapse: one code makes up %.1f %% of the true codes up to step %d (entropy %.3f nats):"
            + " the units tell nothing apart and a high accuracy means nothing; look at the"
            + " codebook (duovox quantize reports its use), another layer, or trim silence",
        100 * line.health().targetTop(),
        line.step(),
        line.health().targetEntropy());
  }
}
