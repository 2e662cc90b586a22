package org.duovox.train;

import java.util.Optional;
import org.duovox.DuovoxException;
import org.duovox.internal.NativeRing;
import org.duovox.internal.NativeTrainer;
import org.duovox.train.BatchLoader.Batch;
import org.duovox.train.TrainLine.Kind;

/// Step after step until the schedule ends: the one loop of pretraining and classification.
public final class TrainLoop {
  private final NativeTrainer trainer;
  private final NativeRing ring;
  private final long steps;
  private final int reportEvery;
  private final TrainListener listener;
  private long sinceReport;
  private long nanoseconds;

  /// @param steps after which the loop ends
  /// @param reportEvery steps between lines
  public TrainLoop(
      NativeTrainer trainer, NativeRing ring, long steps, int reportEvery, TrainListener listener) {
    this.trainer = trainer;
    this.ring = ring;
    this.steps = steps;
    this.reportEvery = reportEvery;
    this.listener = listener;
  }

  /// Trains on the loader's batches; `endOfEpoch` runs after the last step of every epoch and at
  /// the end.
  ///
  /// @throws DuovoxException (RETRY) when the thread is interrupted, between steps
  public void run(BatchLoader loader, java.util.function.IntConsumer endOfEpoch) {
    for (long step = 1; step <= steps; step++) {
      long begun = System.nanoTime();
      Batch batch = take(loader, step);
      trainer.step(ring, batch.shape());
      loader.release(batch);
      sinceReport++;
      nanoseconds += System.nanoTime() - begun;
      listener.step(step, steps);
      if (sinceReport == reportEvery || step == steps) {
        report(batch.epoch());
      }
      if (batch.lastOfEpoch() || step == steps) {
        endOfEpoch.accept(batch.epoch());
      }
    }
  }

  private Batch take(BatchLoader loader, long step) {
    try {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      Optional<Batch> batch = loader.take();
      return batch.orElseThrow(() -> DuovoxException.badData("there is nothing to train on"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DuovoxException(
          DuovoxException.Kind.RETRY,
          "interrupted after step %d of %d; nothing was written, start the same command again"
              .formatted(step - 1, steps),
          e);
    }
  }

  private void report(int epoch) {
    long begun = System.nanoTime();
    NativeTrainer.Report report = trainer.report();
    // On a GPU the steps are only queued; waiting for them in the report is part of their time.
    nanoseconds += System.nanoTime() - begun;
    listener.line(TrainLine.of(Kind.TRAIN, report, epoch, nanoseconds / 1e9));
    sinceReport = 0;
    nanoseconds = 0;
  }
}
