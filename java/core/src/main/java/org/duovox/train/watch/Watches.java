package org.duovox.train.watch;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.duovox.DuovoxException;
import org.duovox.train.log.TrainLine;
import org.duovox.train.log.TrainLine.Health;
import org.duovox.train.log.TrainLine.Kind;
import org.duovox.train.log.TrainListener;

/// Warns of a training that goes wrong: plateau, collapse of the predictions or the units, spikes,
/// validations that are not finite. Each warning comes once per episode, in words.
public final class Watches implements TrainListener {
  /// When the watches warn.
  ///
  /// @param plateauReports training reports without a lower loss; 20; 0 = never
  /// @param plateauValidations validations without a lower loss; 5; 0 = never
  /// @param plateauShare share by which a loss must fall to count as lower; 0.001
  /// @param collapseTop share of one predicted code from which predictions count as constant; 0.99
  /// @param collapseEntropy entropy in nats below which predictions count as constant while the
  ///   targets have ten times as much; 0.05
  /// @param targetTop share of one true code from which the units themselves count as collapsed;
  ///   0.9
  public record Config(
      int plateauReports,
      int plateauValidations,
      double plateauShare,
      double collapseTop,
      double collapseEntropy,
      double targetTop) {

    public Config {
      require(plateauReports >= 0, "plateau_reports must not be negative");
      require(plateauValidations >= 0, "plateau_validations must not be negative");
      require(plateauShare >= 0 && plateauShare < 1, "plateau_share must be 0 to below 1");
      require(collapseTop > 0 && collapseTop <= 1, "collapse_top must be above 0 and at most 1");
      require(collapseEntropy >= 0, "collapse_entropy must not be negative");
      require(targetTop > 0 && targetTop <= 1, "target_top must be above 0 and at most 1");
    }

    /// Returns the documented defaults.
    public static Config defaults() {
      return new Config(20, 5, 0.001, 0.99, 0.05, 0.9);
    }

    private static void require(boolean condition, String rule) {
      if (!condition) {
        throw DuovoxException.config("watches: " + rule);
      }
    }
  }

  /// Looks at the lines of a training for one sign that it goes wrong.
  ///
  /// Its state follows from the lines alone, in their order: a training that is resumed shows it
  /// the earlier ones again.
  interface Watch {
    /// Takes a line in; returns the warning when an episode begins that was not reported yet.
    Optional<String> see(TrainLine line);
  }

  private final List<Watch> watches;
  private final Consumer<String> warnings;

  /// @param config when to warn
  /// @param warnings receives them
  public Watches(Config config, Consumer<String> warnings) {
    this.warnings = warnings;
    this.watches =
        List.of(
            PlateauWatch.ofTraining(config),
            PlateauWatch.ofValidation(config),
            new CollapseWatch(config),
            new SpikeWatch());
  }

  /// Shows the earlier lines of a training again, without warnings.
  public void replay(List<TrainLine> earlier) {
    earlier.forEach(line -> watches.forEach(watch -> watch.see(line)));
  }

  @Override
  public void line(TrainLine line) {
    watches.forEach(watch -> watch.see(line).ifPresent(warnings));
  }

  /// Warns of steps whose loss jumped, and of held-out utterances whose loss is not finite.
  /// [SkippedSteps], which knows their utterances, warns of steps that were skipped.
  ///
  /// An episode is a run of reports with such steps; only its first report warns.
  private static final class SpikeWatch implements Watch {
    private boolean blind;
    private boolean spiking;

    @Override
    public Optional<String> see(TrainLine line) {
      return line.kind() == Kind.TRAIN ? training(line) : validation(line);
    }

    private Optional<String> validation(TrainLine line) {
      boolean before = blind;
      blind = !Double.isFinite(line.loss()) || line.health().skipped() > 0;
      return blind && !before ? Optional.of(notFinite(line)) : Optional.empty();
    }

    private Optional<String> training(TrainLine line) {
      Health health = line.health();
      boolean first = health.spikes() > 0 && !spiking;
      spiking = health.spikes() > 0;
      return first ? Optional.of(spikes(line)) : Optional.empty();
    }

    private static String notFinite(TrainLine line) {
      return String.format(
          Locale.ROOT,
          "not finite: at step %d the loss of %s held-out batches is no number; this validation is"
              + " compared with none, and its model is not the best one; look at the utterances held"
              + " out, or try a lower learning rate",
          line.step(),
          line.health().skipped() > 0 ? line.health().skipped() : "all");
    }

    private static String spikes(TrainLine line) {
      return String.format(
          Locale.ROOT,
          "spike: the loss leapt up in %d of the steps up to %d, the first %d; if it does not come"
              + " down by itself, try a lower learning rate, a smaller pretrain.clip, or"
              + " guards.spike_skip",
          line.health().spikes(),
          line.step(),
          line.health().firstSpike());
    }
  }

  /// Warns of a loss that no longer falls: that of the training, or that of the held-out
  /// utterances.
  ///
  /// Reports of a training loss are noisy, so its lowest value must be beaten within the patience,
  /// not the previous value. Warm-up does not count: a loss may well stand still before its end.
  private static final class PlateauWatch implements Watch {
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

    static PlateauWatch ofTraining(Config config) {
      return new PlateauWatch(Kind.TRAIN, config.plateauReports(), config.plateauShare());
    }

    static PlateauWatch ofValidation(Config config) {
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
          "plateau: the training loss has not fallen %ssince step %d (%.4f), in %d reports, now step"
              + " %d; the model has learnt what it can at this learning rate (%.2e): try a higher or a"
              + " lower one, a longer warm-up, a larger model, or end here",
          least(),
          bestStep,
          best,
          since,
          line.step(),
          line.learningRate());
    }

    private String validation(TrainLine line) {
      return String.format(
          Locale.ROOT,
          "plateau: the validation loss has not fallen %ssince step %d (%.4f), in %d validations, now"
              + " %.4f at step %d; while the training loss still falls this is overfitting: keep the"
              + " model of step %d, end earlier (validation.patience), raise model.dropout or take"
              + " more data",
          least(),
          bestStep,
          best,
          since,
          line.loss(),
          line.step(),
          bestStep);
    }

    /// Returns by how much a loss must fall to count as lower.
    private String least() {
      BigDecimal percent = BigDecimal.valueOf(share).movePointRight(2).stripTrailingZeros();
      return share == 0 ? "" : "by %s %% ".formatted(percent.toPlainString());
    }
  }

  /// Warns of predictions that are nearly always the same code, and of true codes that hardly vary.
  ///
  /// Only training reports count. A model predicts the most frequent code for a while before it
  /// learns more, so constant predictions are reported only when they last.
  static final class CollapseWatch implements Watch {
    private static final int LASTING = 3;
    private static final double TIMES = 10;

    private final Config config;
    private int constant;
    private boolean toldPredictions;
    private boolean toldTargets;

    CollapseWatch(Config config) {
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
}
