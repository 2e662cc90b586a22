package org.duovox.train;

import java.util.ArrayList;
import java.util.List;
import org.duovox.model.BatchSizes;
import org.duovox.model.UnitModel;
import org.duovox.model.Window;
import org.duovox.units.Corpus;

/// What a pretraining reads in which step, known before the first one.
final class PretrainPlan {
  private final PretrainConfig config;
  private final UnitModel model;
  private final HeldOut parts;
  private final List<Window> windows;
  private final BatchPlan batches;
  private final StepPlan schedule;
  private final long steps;

  /// @param parts views that the model reads
  PretrainPlan(PretrainConfig config, UnitModel model, HeldOut parts) {
    this.config = config;
    this.model = model;
    this.parts = parts;
    this.windows = Window.cut(parts.training(), model.config());
    this.batches = new BatchPlan(windows, config.batchSize(), config.batchTokens(), config.seed());
    this.schedule = new StepPlan(batches, config.accumulation());
    this.steps = config.steps() > 0 ? config.steps() : schedule.steps(config.epochs());
  }

  long steps() {
    return steps;
  }

  /// Windows of the training part.
  List<Window> windows() {
    return windows;
  }

  HeldOut parts() {
    return parts;
  }

  /// Room that its batches need.
  BatchSizes sizes() {
    return BatchSizes.atMost(
        parts.training(), windows, config.batchSize(), config.batchTokens());
  }

  /// Batches from a place on.
  EpochSource source(int epoch, int batch) {
    return new EpochSource(parts.training(), batches, sizes(), model.ids(), window -> 0, masks())
        .with(TargetFeatures.of(config, parts.training()))
        .startAt(epoch, batch);
  }

  /// Masks of this training; for one thread.
  EpochSource.RowChange masks() {
    Masking masking =
        new Masking(config.masking(), model.ids(), model.config().maxPositions(), config.seed());
    return (slot, shape, row, epoch, window) ->
        masking.apply(slot, shape, row, epoch, EpochSource.key(window));
  }

  /// Ids of the utterances that a step reads.
  List<String> utterances(long step) {
    StepPlan.Place place = schedule.place(step);
    Corpus corpus = parts.training();
    List<String> ids = new ArrayList<>();
    for (List<Window> batch :
        batches.epoch(place.epoch()).subList(place.first(), place.first() + place.count())) {
      batch.forEach(window -> ids.add(corpus.utterance(window.utterance()).id()));
    }
    return ids;
  }
}
