package org.duovox.train;

import org.duovox.DuovoxException;
import org.duovox.Versions;
import org.duovox.internal.NativeRuntime;

/// `state.json` of a checkpoint: where the training stands in its data and its files, what it
/// remembers, and where it ran. Order, masks and dropout are functions of seed, epoch and step, so
/// no generator has a state to keep.
///
/// @param format "duovox-checkpoint"
/// @param version 1
/// @param step steps done
/// @param epoch epoch of the last step, from 0
/// @param batches of that epoch that are done
/// @param metricsBytes length of `metrics.jsonl`
/// @param metricsSha256 sum of those bytes
/// @param best lowest validation loss so far
/// @param skipped steps of the last reports in a row that have any
/// @param training the last line; null before the first
/// @param validation the last line; null before the first
public record CheckpointState(
    String format,
    int version,
    long step,
    int epoch,
    int batches,
    long metricsBytes,
    String metricsSha256,
    Patience.Memory best,
    long skipped,
    TrainLine training,
    TrainLine validation,
    Origin origin) {
  static final String FORMAT = "duovox-checkpoint";

  /// What a checkpoint was made of and on.
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

    static Origin here(
        String device, String precision, long seed, String configSha256, String corpusSha256) {
      NativeRuntime.Info runtime = NativeRuntime.info();
      return new Origin(
          Versions.DUOVOX,
          Runtime.version().toString(),
          runtime.libtorch(),
          runtime.cpuCapability(),
          device,
          precision,
          runtime.threads(),
          seed,
          configSha256,
          corpusSha256);
    }
  }

  public CheckpointState {
    if (!FORMAT.equals(format) || version != 1 || best == null || origin == null) {
      throw DuovoxException.badData(
          "is %s, version %d; this program reads %s, version 1".formatted(format, version, FORMAT));
    }
  }
}
