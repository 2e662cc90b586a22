package org.duovox.train;

import java.util.Locale;
import java.util.Optional;
import org.duovox.train.TrainLine.Health;
import org.duovox.train.TrainLine.Kind;

/// Steps whose loss leapt up, or that were skipped since something in them was not finite; held-out
/// utterances whose loss is not finite.
///
/// An episode is a run of reports with such steps; its first report is told.
final class SpikeWatch implements Watch {
  private boolean blind;
  private boolean spiking;
  private boolean skipping;

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
    boolean newSkips = health.skipped() > 0 && !skipping;
    boolean newSpikes = health.spikes() > 0 && !spiking;
    skipping = health.skipped() > 0;
    spiking = health.spikes() > 0;
    if (!newSkips && !newSpikes) {
      return Optional.empty();
    }
    String skips = newSkips ? skipped(line) : "";
    String both = newSkips && newSpikes ? "; " : "";
    return Optional.of(skips + both + (newSpikes ? spikes(line) : ""));
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

  private static String skipped(TrainLine line) {
    return String.format(
        Locale.ROOT,
        "skipped: %d of the steps up to %d, the first %d, had a loss or gradient that was not"
            + " finite and changed nothing; a few are harmless, many mean a learning rate that is"
            + " too high or damaged data",
        line.health().skipped(),
        line.step(),
        line.health().firstSkipped());
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
