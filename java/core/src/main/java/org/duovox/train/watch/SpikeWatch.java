package org.duovox.train.watch;

import java.util.Locale;
import java.util.Optional;
import org.duovox.train.log.TrainLine;
import org.duovox.train.log.TrainLine.Health;
import org.duovox.train.log.TrainLine.Kind;

/// Steps whose loss leapt up, and held-out utterances whose loss is not finite. Steps that were
/// skipped are told by [SkippedSteps], which knows their utterances.
///
/// An episode is a run of reports with such steps; its first report is told.
final class SpikeWatch implements Watch {
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
