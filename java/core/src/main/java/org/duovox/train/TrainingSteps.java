package org.duovox.train;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.duovox.DuovoxException;
import org.duovox.internal.NativeRing;
import org.duovox.internal.NativeTrainer;
import org.duovox.train.data.BatchLoader;
import org.duovox.train.data.BatchLoader.Batch;
import org.duovox.train.log.TrainControl;
import org.duovox.train.log.TrainLine;
import org.duovox.train.log.TrainListener;
import org.duovox.train.memory.StepParts;
import org.duovox.train.run.BestModel;
import org.duovox.train.run.CheckpointState;
import org.duovox.train.run.CheckpointState.Position;
import org.duovox.train.run.Checkpoints;
import org.duovox.train.run.LoopConfig;
import org.duovox.train.run.RunFolder;
import org.duovox.train.watch.SkippedSteps;

/// The loop over the steps of a [Training] from a position on: between two of them it reports,
/// validates, saves, leaves or ends, and after the last one it finishes the run's folder.
final class TrainingSteps {
  /// What computes: steps, in parts, and the validation, when there is one.
  record Passes(
      NativeTrainer trainer, NativeRing ring, StepParts parts, Optional<Validation> validation) {}

  /// Where a run is saved, and what its checkpoints say of their origin.
  record Saving(RunFolder run, Checkpoints checkpoints, CheckpointState.Origin origin) {}

  /// How a training goes on after a step.
  private enum Next {
    /// With the next step.
    STEP,
    /// Not at all: it is done, perhaps before its schedule's end.
    FINISH,
    /// Not now: it was asked to stop, and will be resumed.
    LEAVE
  }

  private final TrainTask.Basis basis;
  private final LoopConfig loop;
  private final Passes passes;
  private final Saving saving;
  private final TrainControl control;
  private final TrainListener.Group listeners;
  private final SkippedSteps skipped;
  private final BestModel best;
  private final long firstStep; // Steps done before.
  private long step;
  private int epoch;
  private int batches;
  private int saves;
  private long nanoseconds; // Of the steps since the last report.

  /// @param skipped the guard among the listeners
  TrainingSteps(
      TrainTask.Basis basis,
      Passes passes,
      Saving saving,
      TrainControl control,
      TrainListener.Group listeners,
      SkippedSteps skipped,
      Position start) {
    this.basis = basis;
    this.loop = basis.loop();
    this.passes = passes;
    this.saving = saving;
    this.control = control;
    this.listeners = listeners;
    this.skipped = skipped;
    this.best = new BestModel(loop.validation(), saving.checkpoints(), basis.model(), start);
    this.firstStep = start.step();
    this.step = start.step();
    this.epoch = start.epoch();
    this.batches = start.batches();
    this.saves = control.saves();
  }

  /// Returns the steps done.
  long step() {
    return step;
  }

  /// Trains the steps that are left; returns false when it was asked to leave before the last one.
  ///
  /// @throws DuovoxException (RETRY) when the thread is interrupted; the run is saved then
  boolean run() {
    if (control.isLeaving() || runSteps() == Next.LEAVE) {
      return false;
    }
    finish();
    return true;
  }

  private Next runSteps() {
    try (BatchLoader loader = new BatchLoader(passes.ring(), basis.plan().source(epoch, batches))) {
      Next next = Next.STEP;
      while (next == Next.STEP && step < basis.plan().steps()) {
        next = runStep(loader);
      }
      return next == Next.LEAVE ? Next.LEAVE : Next.FINISH;
    } catch (DuovoxException e) {
      if (Thread.currentThread().isInterrupted() && e.kind() == DuovoxException.Kind.RETRY) {
        saveInterrupted();
      }
      throw e;
    }
  }

  private Next runStep(BatchLoader loader) {
    long begun = System.nanoTime();
    List<Batch> read = batchesOfStep(loader);
    passes.parts().step(passes.trainer(), passes.ring(), read.stream().map(Batch::shape).toList());
    read.forEach(loader::release);
    nanoseconds += System.nanoTime() - begun;
    long all = basis.plan().steps();
    long done = step + 1;
    Batch last = read.getLast();
    listeners.step(done, all);
    boolean reported = done % loop.reportEvery() == 0 || done == all;
    if (reported) {
      report(last.epoch());
    }
    step = done;
    epoch = last.epoch();
    batches = last.index() + 1;
    Next next = afterStep(last.lastOfEpoch());
    if (next == Next.FINISH && !reported) {
      report(epoch);
    }
    return next;
  }

  /// Takes the batches of a step: as many as make one, or what is left of the epoch.
  private List<Batch> batchesOfStep(BatchLoader loader) {
    List<Batch> read = new ArrayList<>(loop.accumulation());
    do {
      read.add(nextBatch(loader));
    } while (read.size() < loop.accumulation() && !read.getLast().lastOfEpoch());
    return read;
  }

  private Batch nextBatch(BatchLoader loader) {
    try {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      return loader
          .take()
          .orElseThrow(() -> DuovoxException.badData("there is nothing to train on"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DuovoxException(
          DuovoxException.Kind.RETRY,
          "interrupted after step %d of %d; start the same command again"
              .formatted(step, basis.plan().steps()),
          e);
    }
  }

  private void report(int ofEpoch) {
    long begun = System.nanoTime();
    NativeTrainer.Report report = passes.trainer().report();
    // On a GPU the steps are only queued; waiting for them in the report is part of their time.
    nanoseconds += System.nanoTime() - begun;
    TrainLine line = TrainLine.of(TrainLine.Kind.TRAIN, report, ofEpoch);
    listeners.timing(TrainLine.Timing.of(line, nanoseconds / 1e9));
    listeners.line(line);
    nanoseconds = 0;
  }

  private Next afterStep(boolean epochEnds) {
    boolean last = step == basis.plan().steps();
    if (last || loop.validation().isDue(step, epochEnds)) {
      passes.validation().ifPresent(this::validate);
    }
    if (last || best.stopsEarly()) {
      return Next.FINISH;
    }
    boolean leave = control.isLeaving();
    if (isSaveAsked() || leave || saving.checkpoints().isDue(step)) {
      save();
    }
    return leave ? Next.LEAVE : Next.STEP;
  }

  private boolean isSaveAsked() {
    int before = saves;
    saves = control.saves();
    return saves != before;
  }

  private void validate(Validation validation) {
    TrainLine line = validation.run(passes.trainer(), passes.parts(), epoch);
    listeners.line(line);
    best.see(line);
  }

  private void save() {
    Checkpoints checkpoints = saving.checkpoints();
    if (!checkpoints.areWritten()) {
      return;
    }
    long begun = System.nanoTime();
    Path place =
        saving
            .run()
            .withMetrics((bytes, sum) ->
                checkpoints.save(
                    basis.model(),
                    passes.trainer(),
                    CheckpointState.at(position(), bytes, sum, saving.origin())));
    listeners.checkpoint(step, place, (System.nanoTime() - begun) / 1e9);
  }

  private Position position() {
    return new Position(
        step,
        epoch,
        batches,
        best.memory(),
        skipped.inRow(),
        listeners.training(),
        listeners.validation().orElse(null));
  }

  // An interrupted thread can neither write nor lock files, so it is interrupted again afterwards.
  private void saveInterrupted() {
    boolean interrupted = Thread.interrupted();
    try {
      if (step > firstStep) {
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
