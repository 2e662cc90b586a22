package org.duovox.train.run;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.duovox.DuovoxException;
import org.duovox.Versions;
import org.duovox.internal.Device;
import org.duovox.internal.NativeRuntime;
import org.duovox.model.ModelConfig.Precision;
import org.duovox.train.log.TrainLine;

/// `state.json` of a checkpoint: the training's position in its data and its files, what it
/// remembers, and where it ran. Order, masks and dropout are functions of seed, epoch and step, so
/// there is no state of a random generator to keep.
///
/// @param format "duovox-checkpoint"
/// @param version 1
/// @param step steps done
/// @param epoch epoch of the last step, from 0
/// @param batches of that epoch that are done
/// @param metricsBytes length of `metrics.jsonl`
/// @param metricsSha256 sum of those bytes
/// @param best lowest validation loss so far
/// @param skipped steps of the last successive reports that have any
/// @param training the last line; null before the first
/// @param validation the last line; null before the first
/// @param origin what the checkpoint was made of, and on
public record CheckpointState(
    String format,
    int version,
    long step,
    int epoch,
    int batches,
    long metricsBytes,
    String metricsSha256,
    BestModel.Memory best,
    long skipped,
    TrainLine training,
    TrainLine validation,
    Origin origin) {
  static final String FORMAT = "duovox-checkpoint";

  /// Position of a training: steps done, place in the data, and what it remembers.
  ///
  /// @param step steps done
  /// @param epoch of the last step, from 0
  /// @param batches of the epoch that are done
  /// @param best lowest validation loss so far
  /// @param skipped steps of the last successive reports that have any
  /// @param training the last line; null before the first
  /// @param validation the last line; null before the first
  public record Position(
      long step,
      int epoch,
      int batches,
      BestModel.Memory best,
      long skipped,
      TrainLine training,
      TrainLine validation) {
    /// The position before the first step.
    public static final Position START =
        new Position(0, 0, 0, BestModel.Memory.NOTHING, 0, null, null);
  }

  /// What a checkpoint was made of, and on.
  ///
  /// @param cpu vector extension of libtorch's kernels
  /// @param precision what steps compute in
  /// @param threads of libtorch
  /// @param configSha256 of the settings that decide results
  /// @param corpusSha256 of the corpus
  public record Origin(
      String duovox,
      String java,
      String libtorch,
      String cpu,
      String device,
      String precision,
      int threads,
      long seed,
      String configSha256,
      String corpusSha256) {

    /// Returns the origin of a checkpoint of a training here.
    public static Origin here(Device device, Precision precision, long seed, RunSettings settings) {
      NativeRuntime.Info runtime = NativeRuntime.info();
      return new Origin(
          Versions.DUOVOX,
          Runtime.version().toString(),
          runtime.libtorch(),
          runtime.cpuCapability(),
          device.name(),
          precision.name(),
          runtime.threads(),
          seed,
          settings.configSha256(),
          settings.corpusSha256());
    }

    /// Refuses a checkpoint of another run.
    ///
    /// @throws DuovoxException (BAD_DATA)
    public void requireSame(Origin here, Path checkpoint) {
      require(checkpoint, "the settings", configSha256, here.configSha256);
      require(checkpoint, "the corpus", corpusSha256, here.corpusSha256);
    }

    private static void require(Path checkpoint, String what, String there, String here) {
      if (!there.equals(here)) {
        throw DuovoxException.badData(
            "%s was made with other values of %s (sum %s, here %s); it is of another run"
                .formatted(checkpoint, what, there, here));
      }
    }

    /// Returns warnings of what may change the last bits of a run that is resumed here.
    public List<String> warnings(Origin here) {
      List<String> all = new ArrayList<>();
      add(all, "threads of libtorch", "" + threads, "" + here.threads);
      add(all, "libtorch", libtorch, here.libtorch);
      add(all, "vector extension", cpu, here.cpu);
      add(all, "device", device, here.device);
      add(all, "version of Duovox", duovox, here.duovox);
      return all;
    }

    private static void add(List<String> all, String what, String there, String here) {
      if (!there.equals(here)) {
        all.add(
            "the checkpoint was made with another %s (%s, here %s); the last bits of the results may differ"
                .formatted(what, there, here));
      }
    }
  }

  /// Returns the state at a position of a training.
  public static CheckpointState at(
      Position position, long metricsBytes, String metricsSha256, Origin origin) {
    return new CheckpointState(
        FORMAT,
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

  /// Returns the training's position.
  public Position position() {
    return new Position(step, epoch, batches, best, skipped, training, validation);
  }

  public CheckpointState {
    if (!FORMAT.equals(format) || version != 1 || best == null || origin == null) {
      throw DuovoxException.badData(
          "is %s, version %d; this program reads %s, version 1".formatted(format, version, FORMAT));
    }
  }
}
