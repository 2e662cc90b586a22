package org.duovox.train;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.duovox.internal.NativeTrainer;

/// One report of a training: a line on the console and in `metrics.jsonl`. Means since the last
/// line of its kind.
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
/// @param unitsPerSecond tokens and phonetic units per second of wall time, padding excluded
/// @param targets positions or utterances with a loss
public record TrainLine(
    Kind kind,
    long step,
    int epoch,
    double loss,
    double mcp,
    double mcr,
    double accuracy,
    double learningRate,
    double gradientNorm,
    double unitsPerSecond,
    long targets) {

  /// What the figures are about.
  public enum Kind {
    @JsonProperty("train")
    TRAIN,
    @JsonProperty("validation")
    VALIDATION
  }

  /// A line from the native meters.
  public static TrainLine of(Kind kind, NativeTrainer.Report report, int epoch, double seconds) {
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
        seconds > 0 ? report.units() / seconds : 0,
        report.targets());
  }
}
