package org.duovox.train;

import java.util.Optional;
import org.duovox.DuovoxException;
import org.duovox.internal.NativeRing;
import org.duovox.internal.NativeTrainer;
import org.duovox.train.data.BatchLoader;
import org.duovox.train.data.BatchLoader.Batch;
import org.duovox.train.log.Timing;
import org.duovox.train.log.TrainLine;
import org.duovox.train.log.TrainListener;
import org.duovox.train.memory.Stepper;

/// Step after step until the schedule ends: the one loop of every [Training].
final class TrainLoop {
  /// How a training goes on after a step.
  enum Next {
    /// With the next step.
    GO_ON,
    /// Not at all: it is done before its schedule's end.
    FINISH,
    /// Not now: somebody asked it to stop, and will start it again.
    LEAVE
  }

  /// What happens between two steps.
  @FunctionalInterface
  interface Between {
    /// Called after every step and its report.
    ///
    /// @param epoch that the step's batches belong to, from 0
    /// @param batches of the epoch that are done
    /// @param epochEnds whether those are all
    Next after(long step, int epoch, int batches, boolean epochEnds);
  }

  private final NativeTrainer trainer;
  private final NativeRing ring;
  private final long steps;
  private final int reportEvery;
  private final TrainListener listener;
  private final Batch[] taken;
  private final NativeRing.Shape[] parts;
  private final Stepper stepper;
  private int count;
  private long nanoseconds;

  /// @param stepper takes a step
  /// @param steps after which the loop ends
  /// @param reportEvery steps between lines
  /// @param accumulation batches that make one step
  TrainLoop(
      NativeTrainer trainer,
      NativeRing ring,
      Stepper stepper,
      long steps,
      int reportEvery,
      int accumulation,
      TrainListener listener) {
    this.trainer = trainer;
    this.ring = ring;
    this.stepper = stepper;
    this.steps = steps;
    this.reportEvery = reportEvery;
    this.listener = listener;
    this.taken = new Batch[accumulation];
    this.parts = new NativeRing.Shape[accumulation];
  }

  /// Trains on the loader's batches after `done` steps; returns FINISH or LEAVE.
  ///
  /// @throws DuovoxException (RETRY) when the thread is interrupted, between steps
  Next run(BatchLoader loader, long done, Between between) {
    for (long step = done + 1; step <= steps; step++) {
      long begun = System.nanoTime();
      Batch last = take(loader, step);
      stepper.step(trainer, ring, parts, count);
      int epoch = last.epoch();
      int batches = last.index() + 1;
      boolean epochEnds = last.lastOfEpoch();
      release(loader);
      nanoseconds += System.nanoTime() - begun;
      listener.step(step, steps);
      boolean reported = step % reportEvery == 0 || step == steps;
      if (reported) {
        report(epoch);
      }
      Next next = between.after(step, epoch, batches, epochEnds);
      if (next == Next.FINISH && !reported) {
        report(epoch);
      }
      if (next != Next.GO_ON) {
        return next;
      }
    }
    return Next.FINISH;
  }

  /// Takes the batches of a step: as many as make one, or what is left of the epoch.
  private Batch take(BatchLoader loader, long step) {
    count = 0;
    Batch batch;
    do {
      batch = next(loader, step);
      taken[count] = batch;
      parts[count] = batch.shape();
      count++;
    } while (count < taken.length && !batch.lastOfEpoch());
    return batch;
  }

  private void release(BatchLoader loader) {
    for (int i = 0; i < count; i++) {
      loader.release(taken[i]);
    }
  }

  private Batch next(BatchLoader loader, long step) {
    try {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      Optional<Batch> batch = loader.take();
      if (batch.isEmpty()) {
        throw DuovoxException.badData("there is nothing to train on");
      }
      return batch.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DuovoxException(
          DuovoxException.Kind.RETRY,
          "interrupted after step %d of %d; start the same command again"
              .formatted(step - 1, steps),
          e);
    }
  }

  private void report(int epoch) {
    long begun = System.nanoTime();
    NativeTrainer.Report report = trainer.report();
    // On a GPU the steps are only queued; waiting for them in the report is part of their time.
    nanoseconds += System.nanoTime() - begun;
    TrainLine line = TrainLine.of(TrainLine.Kind.TRAIN, report, epoch);
    listener.timing(Timing.of(line, nanoseconds / 1e9));
    listener.line(line);
    nanoseconds = 0;
  }
}
