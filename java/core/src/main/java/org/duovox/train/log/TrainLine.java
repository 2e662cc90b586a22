package org.duovox.train.log;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;
import org.duovox.internal.NativeTrainer;
import org.duovox.io.json.Json.NullIsNan;
import tools.jackson.databind.annotation.JsonDeserialize;

/// One report of a training: a line on the console and in `metrics.jsonl`.
///
/// The figures are means since the last line of its kind; NaN (`null` in the file) where there is
/// nothing to average, and where a batch of held-out utterances was not finite. None depends on the
/// clock (see [Timing]), so that equal trainings give equal files.
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

  /// How long the steps behind a line took: a line of `timing.jsonl`.
  ///
  /// @param kind of the line
  /// @param step steps done
  /// @param seconds of wall time, validations and checkpoints excluded
  /// @param unitsPerSecond tokens and phonetic units per second, padding excluded
  public record Timing(Kind kind, long step, double seconds, double unitsPerSecond) {
    /// Returns the timing of a line.
    public static Timing of(TrainLine line, double seconds) {
      return new Timing(
          line.kind(), line.step(), seconds, seconds > 0 ? line.units() / seconds : 0);
    }

    private String text() {
      return String.format(Locale.ROOT, " units/s:%.0f", unitsPerSecond);
    }
  }

  public TrainLine {
    health = health == null ? Health.NONE : health;
  }

  /// Returns a line with the figures of the native meters.
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

  /// Returns the line as text without a line feed, a validation behind `val`: `s:120 loss:3.21
  /// mcp:2.90 mcr:0.31 acc:0.12 lr:1.0e-04 norm:0.8`.
  public String text() {
    boolean validation = kind == Kind.VALIDATION;
    String losses =
        String.format(
            Locale.ROOT,
            "%ss:%d loss:%.4f mcp:%.4f mcr:%.4f acc:%.4f",
            validation ? "val " : "",
            step,
            loss,
            mcp,
            mcr,
            accuracy);
    return validation ? losses : losses + optimizerText();
  }

  /// Returns the same with the speed of the steps behind it.
  public String text(Timing timing) {
    return kind == Kind.VALIDATION ? text() : text() + timing.text();
  }

  /// Returns the text of a classifier's line, which has one loss only.
  public String classText() {
    return String.format(Locale.ROOT, "s:%d loss:%.4f acc:%.4f", step, loss, accuracy)
        + optimizerText();
  }

  /// Returns the same with the speed of the steps behind it.
  public String classText(Timing timing) {
    return classText() + timing.text();
  }

  private String optimizerText() {
    return String.format(Locale.ROOT, " lr:%.2e norm:%.3f", learningRate, gradientNorm);
  }
}
