package org.duovox.train;

import java.util.Optional;
import org.duovox.internal.Device;
import org.duovox.internal.NativeRing;
import org.duovox.internal.NativeTrainer;
import org.duovox.model.BatchSizes;
import org.duovox.model.UnitModel;
import org.duovox.train.Saver.Position;
import org.duovox.train.TrainLoop.Next;
import org.duovox.units.Corpus;

/// A pretraining in progress: trainer, ring and validation, and what happens between two steps.
/// For one thread.
final class Pretraining implements AutoCloseable {
  private final PretrainConfig config;
  private final UnitModel model;
  private final PretrainPlan plan;
  private final Saver saver;
  private final TrainControl control;
  private final Listeners listeners;
  private final Stepper stepper;
  private final NativeTrainer trainer;
  private final NativeRing ring;
  private final Optional<Validation> validation;
  private Patience patience = new Patience(0, Patience.Memory.NOTHING);
  private SkippedSteps skipped;
  private Next end = Next.GO_ON;

  Pretraining(
      PretrainConfig config,
      UnitModel model,
      PretrainPlan plan,
      Device device,
      Saver saver,
      TrainControl control,
      Listeners listeners,
      Stepper stepper) {
    this.config = config;
    this.model = model;
    this.plan = plan;
    this.saver = saver;
    this.control = control;
    this.listeners = listeners;
    this.stepper = stepper;
    BatchSizes sizes = plan.sizes();
    NativeRing batches =
        new NativeRing(
            config.ringSlots(),
            sizes.rows(),
            sizes.tokens(),
            sizes.phoneticUnits(),
            TargetFeatures.of(config, plan.parts().training()).width(),
            device);
    Optional<Validation> held = Optional.empty();
    try {
      Corpus validated = plan.parts().validation();
      TargetFeatures features = TargetFeatures.of(config, validated);
      held = Validation.of(model, validated, config.batchSize(), plan.masks(), features);
      this.trainer = new NativeTrainer(model.nativeModel(), config.toNative(plan.steps()));
    } catch (RuntimeException e) {
      held.ifPresent(Validation::close);
      batches.close();
      throw e;
    }
    this.ring = batches;
    this.validation = held;
  }

  NativeTrainer trainer() {
    return trainer;
  }

  /// The held-out utterances; empty when there are none.
  Optional<Validation> validation() {
    return validation;
  }

  /// What it came to.
  ///
  /// @param end how it ended
  /// @param steps done
  record Outcome(Next end, long steps, Patience.Memory best) {
    /// Step of the best model when that is not the last one; 0 otherwise, or when it is not wanted.
    long bestBefore() {
      return best.step() == steps ? 0 : best.step();
    }
  }

  /// Trains from a place on.
  Outcome run(Position start) {
    patience = new Patience(config.validation().patience(), start.best());
    skipped =
        new SkippedSteps(
            config.guards().maxSkipped(), plan::utterances, listeners, start.skipped());
    listeners.begin(start.training(), start.validation());
    listeners.add(skipped);
    try (BatchLoader loader =
        new BatchLoader(ring, plan.source(start.epoch(), start.batches()))) {
      long steps =
          new TrainLoop(
                  trainer,
                  ring,
                  plan.steps(),
                  config.reportEvery(),
                  config.accumulation(),
                  listeners)
              .with(stepper)
              .run(loader, start.step(), this::between);
      return new Outcome(end == Next.GO_ON ? Next.FINISH : end, steps, patience.memory());
    }
  }

  private Next between(long step, int epoch, int batches, boolean epochEnds) {
    boolean last = step == plan.steps();
    if (validation.isPresent() && (last || config.validation().isDue(step, epochEnds))) {
      validate(validation.get(), epoch);
      if (patience.isLost()) {
        end = Next.FINISH;
      }
    }
    if (last || end == Next.FINISH) {
      return end;
    }
    boolean leave = control.isLeaving();
    boolean asked = control.takeSave();
    if (leave || asked || saver.isDue(step)) {
      saver.save(model, trainer, position(step, epoch, batches));
    }
    end = leave ? Next.LEAVE : Next.GO_ON;
    return end;
  }

  private void validate(Validation held, int epoch) {
    TrainLine line = held.run(trainer, epoch);
    listeners.line(line);
    if (config.validation().remembersBest() && patience.isBest(line)) {
      saver.keepBest(model, line.step());
    }
  }

  private Position position(long step, int epoch, int batches) {
    return new Position(
        step,
        epoch,
        batches,
        patience.memory(),
        skipped.inRow(),
        listeners.training(),
        listeners.validation());
  }

  @Override
  public void close() {
    validation.ifPresent(Validation::close);
    ring.close();
    trainer.close();
  }
}
