package org.duovox.bench;

import java.nio.file.Path;
import org.duovox.internal.NativeModel;
import org.duovox.internal.NativeRing;
import org.duovox.internal.NativeRuntime;
import org.duovox.internal.NativeTrainer;

/// Duovox as shipped.
final class DuovoxContender implements Contender {
  private final NativeModel model;
  private final NativeRing ring;
  private final NativeTrainer trainer;
  private final NativeRing.Shape[] shapes;

  DuovoxContender(Case size, Path weights) {
    NativeRuntime.setThreads(Threads.COUNT);
    model = DuovoxModel.open(size);
    DuovoxModel.load(model, weights);
    ring = DuovoxModel.ring(size);
    shapes = new NativeRing.Shape[] {DuovoxModel.shape(size)};
    trainer =
        new NativeTrainer(
            model,
            new NativeTrainer.Config(
                NativeTrainer.Objective.PRETRAIN,
                new NativeTrainer.Schedule(1_000_000_000, 0, Case.RATE),
                NativeTrainer.AdamW.usual(Case.DECAY, 0),
                new NativeTrainer.Loss(1, 1, 0, 0),
                NativeTrainer.Spikes.NONE,
                1));
  }

  @Override
  public double step() {
    trainer.step(ring, shapes, 1);
    return trainer.report().loss();
  }

  @Override
  public void close() {
    trainer.close();
    ring.close();
    model.close();
  }
}
