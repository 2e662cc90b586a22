package org.duovox.train.watch;

import java.util.List;
import java.util.function.Consumer;
import org.duovox.train.log.TrainLine;
import org.duovox.train.log.TrainListener;

/// All watches over one training: plateau, collapse of the predictions or the units, spikes,
/// skipped steps. Each warns once per episode, in words.
public final class Watches implements TrainListener {
  private final List<Watch> watches;
  private final Consumer<String> warnings;

  /// @param config when to warn
  /// @param warnings hears them
  public Watches(WatchConfig config, Consumer<String> warnings) {
    this.warnings = warnings;
    this.watches =
        List.of(
            PlateauWatch.ofTraining(config),
            PlateauWatch.ofValidation(config),
            new CollapseWatch(config),
            new SpikeWatch());
  }

  /// Shows the lines of an earlier part of the training again, without a word.
  public void replay(List<TrainLine> earlier) {
    earlier.forEach(line -> watches.forEach(watch -> watch.see(line)));
  }

  @Override
  public void line(TrainLine line) {
    watches.forEach(watch -> watch.see(line).ifPresent(warnings));
  }
}
