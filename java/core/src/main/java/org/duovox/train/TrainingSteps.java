package org.duovox.train;

import java.nio.file.Path;
import java.util.Optional;
import org.duovox.DuovoxException;
import org.duovox.internal.NativeRing;
import org.duovox.internal.NativeTrainer;
import org.duovox.train.TrainLoop.Next;
import org.duovox.train.data.BatchLoader;
import org.duovox.train.data.TrainPlan;
import org.duovox.train.log.Listeners;
import org.duovox.train.log.TrainControl;
import org.duovox.train.log.TrainLine;
import org.duovox.train.memory.StepParts;
import org.duovox.train.run.BestModel;
import org.duovox.train.run.CheckpointState;
import org.duovox.train.run.Checkpoints;
import org.duovox.train.run.Position;
import org.duovox.train.run.RunFolder;
import org.duovox.train.watch.SkippedSteps;

/// The steps of a [Training] from a place on: between two of them it validates, saves, leaves or
/// ends, and after the last one it finishes the run's folder.
final class TrainingSteps {
  /// What computes: steps, in parts, and the validation, when there is one.
  record Passes(NativeTrainer trainer, StepParts parts, Optional<Validation> validation) {}

  /// Where a run is saved, and what its checkpoints say of their origin.
  record Saving(RunFolder run, Checkpoints checkpoints, CheckpointState.Origin origin) {}

  private final TrainBasis basis;
  private final LoopConfig loop;
  private final Passes passes;
  private final Saving saving;
  private final TrainControl control;
  private final Listeners listeners;
  private final SkippedSteps skipped;
  private BestModel best;
  private long step;
  private int epoch;
  private int batches;
  private int saves;

  /// @param skipped the guard among the listeners
  TrainingSteps(
      TrainBasis basis,
      Passes passes,
      Saving saving,
      TrainControl control,
      Listeners listeners,
      SkippedSteps skipped) {
    this.basis = basis;
    this.loop = basis.loop();
    this.passes = passes;
    this.saving = saving;
    this.control = control;
    this.listeners = listeners;
    this.skipped = skipped;
    this.saves = control.saves();
  }

  /// Steps done.
  long step() {
    return step;
  }

  /// Takes the steps that are left; false when it was asked to leave before the last one.
  boolean run(NativeRing ring, Position start) {
    best = new BestModel(loop.validation(), saving.checkpoints(), basis.model(), start.best());
    standAt(start.step(), start.epoch(), start.batches());
    if (control.isLeaving() || take(ring, start.step()) == Next.LEAVE) {
      return false;
    }
    finish();
    return true;
  }

  private Next take(NativeRing ring, long from) {
    TrainPlan plan = basis.plan();
    TrainLoop steps =
        new TrainLoop(
            passes.trainer(),
            ring,
            passes.parts(),
            plan.steps(),
            loop.reportEvery(),
            loop.accumulation(),
            listeners);
    try (BatchLoader loader = new BatchLoader(ring, plan.source(epoch, batches))) {
      return steps.run(loader, from, this::between);
    } catch (DuovoxException e) {
      if (Thread.currentThread().isInterrupted() && e.kind() == DuovoxException.Kind.RETRY) {
        saveInterrupted(from);
      }
      throw e;
    }
  }

  private void standAt(long newStep, int newEpoch, int newBatches) {
    step = newStep;
    epoch = newEpoch;
    batches = newBatches;
  }

  private Next between(long done, int ofEpoch, int batchesDone, boolean epochEnds) {
    standAt(done, ofEpoch, batchesDone);
    boolean last = done == basis.plan().steps();
    if (last || loop.validation().isDue(done, epochEnds)) {
      passes.validation().ifPresent(this::validate);
    }
    if (last || best.isLost()) {
      return Next.FINISH;
    }
    boolean leave = control.isLeaving();
    if (isSaveAsked() || leave || saving.checkpoints().isDue(done)) {
      save();
    }
    return leave ? Next.LEAVE : Next.GO_ON;
  }

  private boolean isSaveAsked() {
    int before = saves;
    saves = control.saves();
    return saves != before;
  }

  private void validate(Validation held) {
    TrainLine line = held.run(passes.trainer(), passes.parts(), epoch);
    listeners.line(line);
    best.see(line);
  }

  private void save() {
    if (!saving.checkpoints().areWritten()) {
      return;
    }
    long begun = System.nanoTime();
    Position position =
        new Position(
            step,
            epoch,
            batches,
            best.memory(),
            skipped.inRow(),
            listeners.training(),
            listeners.validation());
    Path place =
        saving
            .run()
            .withMetrics((bytes, sum) ->
                saving
                    .checkpoints()
                    .save(
                        basis.model(),
                        passes.trainer(),
                        CheckpointState.at(position, bytes, sum, saving.origin())));
    listeners.checkpoint(step, place, (System.nanoTime() - begun) / 1e9);
  }

  // An interrupted thread can neither write nor lock files, so it is interrupted again afterwards.
  private void saveInterrupted(long from) {
    boolean interrupted = Thread.interrupted();
    try {
      if (step > from) {
        save();
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void finish() {
    skipped.requireAnyTaken(step);
    boolean early = step < basis.plan().steps();
    if (early) {
      listeners.remark(
          "stopped early: no lower validation loss in %d validations; %s"
              .formatted(
                  loop.validation().patience(),
                  best.step() == 0
                      ? "none was a number"
                      : "the lowest was after step " + best.step()));
    }
    long modelStep = best.restore(step, listeners::warning);
    saving.run().finish(basis.model(), new RunFolder.Finished(step, early, modelStep, best.step()));
    saving.checkpoints().discardBest();
  }
}
