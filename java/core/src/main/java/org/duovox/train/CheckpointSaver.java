package org.duovox.train;

import java.nio.file.Path;
import org.duovox.DuovoxException;
import org.duovox.internal.NativeTrainer;
import org.duovox.io.SealedFolder;
import org.duovox.model.UnitModel;

/// Saves a resumable run by steps or by time.
final class CheckpointSaver implements Saver {
  // Saving may cost one hundredth of the time.
  private static final int SHARE = 100;

  private final ResumableRun run;
  private final Checkpoints checkpoints;
  private final CheckpointConfig config;
  private final CheckpointState.Origin origin;
  private final TrainListener listener;
  private long last = System.nanoTime();
  private long interval;

  CheckpointSaver(
      ResumableRun run,
      Checkpoints checkpoints,
      CheckpointConfig config,
      CheckpointState.Origin origin,
      TrainListener listener) {
    this.run = run;
    this.checkpoints = checkpoints;
    this.config = config;
    this.origin = origin;
    this.listener = listener;
    this.interval = (long) (config.everyMinutes() * 60e9);
  }

  @Override
  public boolean isDue(long step) {
    return config.everySteps() > 0
        ? step % config.everySteps() == 0
        : System.nanoTime() - last >= interval;
  }

  @Override
  public void save(UnitModel model, NativeTrainer trainer, Position position) {
    long begun = System.nanoTime();
    Path place = saved(model, trainer, position);
    last = System.nanoTime();
    interval = Math.max((long) (config.everyMinutes() * 60e9), SHARE * (last - begun));
    listener.checkpoint(position.step(), place, (last - begun) / 1e9);
  }

  private Path saved(UnitModel model, NativeTrainer trainer, Position position) {
    try {
      return run.withMetrics(
          (bytes, sum) -> checkpoints.save(model, trainer, state(position, bytes, sum)));
    } catch (DuovoxException e) {
      throw new DuovoxException(
          e.kind(),
          ("%s; no checkpoint of step %d, the ones before are untouched; when that is mended, go on"
                  + " with --resume")
              .formatted(e.getMessage(), position.step()),
          e);
    }
  }

  @Override
  public void keepBest(UnitModel model, long step) {
    checkpoints.saveBest(model, step);
  }

  @Override
  public void restoreBest(UnitModel model, long step) {
    Path best = checkpoints.best(step);
    SealedFolder.verify(best);
    model.fill(best);
  }

  private CheckpointState state(Position position, long metricsBytes, String metricsSha256) {
    return new CheckpointState(
        CheckpointState.FORMAT,
        1,
        position.step(),
        position.epoch(),
        position.batches(),
        metricsBytes,
        metricsSha256,
        position.best(),
        position.skipped(),
        position.training(),
        position.validation(),
        origin);
  }
}
