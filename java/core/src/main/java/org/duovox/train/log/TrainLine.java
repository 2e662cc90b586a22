package org.duovox.train.log;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.duovox.internal.NativeTrainer;
import org.duovox.io.json.Json.NullIsNan;
import tools.jackson.databind.annotation.JsonDeserialize;

/// One report of a training: a line on the console and in `metrics.jsonl`. Means since the last
/// line of its kind; NaN (`null` in the file) where there is nothing to take a mean of, and where a
/// batch of held-out utterances was not finite. Nothing in it depends on the clock (see [Timing]),
/// so that equal trainings give equal files.
///
/// @param kind training steps, or the held-out utterances
/// @param step steps done
/// @param epoch epoch of the last batch, from 0
/// @param loss weighted sum of the objectives
/// @param mcp masked context prediction, cross-entropy in nats; the class loss of a classifier
/// @param mcr masked context reconstruction, mean absolute error
/// @param accuracy share of targets predicted exactly
/// @param learningRate of the last step
/// @param gradientNorm before clipping
/// @param targets positions or utterances with a loss
/// @param units tokens and phonetic units read, padding excluded
/// @param health what went wrong, and how varied the predictions are
public record TrainLine(
    Kind kind,
    long step,
    int epoch,
    @JsonDeserialize(using = NullIsNan.class) double loss,
    @JsonDeserialize(using = NullIsNan.class) double mcp,
    @JsonDeserialize(using = NullIsNan.class) double mcr,
    @JsonDeserialize(using = NullIsNan.class) double accuracy,
    double learningRate,
    @JsonDeserialize(using = NullIsNan.class) double gradientNorm,
    long targets,
    long units,
    Health health) {

  /// What the figures are about.
  public enum Kind {
    @JsonProperty("train")
    TRAIN,
    @JsonProperty("validation")
    VALIDATION
  }

  /// Signs of a training that goes wrong.
  ///
  /// @param lossScale of 16-bit floats, else 1
  /// @param skipped steps (or batches of held-out utterances) whose loss or gradient was not
  ///   finite: they changed nothing
  /// @param firstSkipped the first of them; 0 for none
  /// @param spikes steps whose loss was a spike
  /// @param firstSpike the first of them; 0 for none
  /// @param predictedEntropy of the codes (or classes) predicted most likely, over all targets, in
  ///   nats
  /// @param predictedTop share of the one predicted most often
  /// @param targetEntropy of the true codes, in nats
  /// @param targetTop share of the most frequent true code
  public record Health(
      double lossScale,
      long skipped,
      long firstSkipped,
      long spikes,
      long firstSpike,
      @JsonDeserialize(using = NullIsNan.class) double predictedEntropy,
      @JsonDeserialize(using = NullIsNan.class) double predictedTop,
      @JsonDeserialize(using = NullIsNan.class) double targetEntropy,
      @JsonDeserialize(using = NullIsNan.class) double targetTop) {
    /// Nothing skipped, nothing known about the predictions.
    public static final Health NONE = new Health(1, 0, 0, 0, 0, 0, 0, 0, 0);

    static Health of(NativeTrainer.Report report) {
      return new Health(
          report.health().lossScale(),
          report.health().skipped(),
          report.health().firstSkipped(),
          report.health().spikes(),
          report.health().firstSpike(),
          report.diversity().predictedEntropy(),
          report.diversity().predictedTop(),
          report.diversity().targetEntropy(),
          report.diversity().targetTop());
    }
  }

  public TrainLine {
    health = health == null ? Health.NONE : health;
  }

  /// A line from the native meters.
  public static TrainLine of(Kind kind, NativeTrainer.Report report, int epoch) {
    return new TrainLine(
        kind,
        report.step(),
        epoch,
        report.loss(),
        report.mcp(),
        report.mcr(),
        report.accuracy(),
        report.learningRate(),
        report.gradientNorm(),
        report.targets(),
        report.units(),
        Health.of(report));
  }
}
